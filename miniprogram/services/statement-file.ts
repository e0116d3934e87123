/** The monthly statement as a table that other programs read. */
import { SERVER } from '../config';
import { Failure } from './failure';
import { unanswered } from './http';
import { authorized } from './session';

/** Fetches the person's statement and opens it, from where it can be sent on. Throws a `Failure`. */
export async function openStatement(month: string): Promise<void> {
  const url = `${SERVER}/api/v1/mileage-statements/me/${encodeURIComponent(month)}?format=xlsx`;
  const filePath = await authorized((token) => download(url, token));
  await wx.openDocument({ filePath, fileType: 'xlsx', showMenu: true }).catch(() => {
    throw new Failure('internal', 500);
  });
}

function download(url: string, token: string): Promise<string> {
  return new Promise((resolve, reject) =>
    wx.downloadFile({
      url,
      header: { authorization: `Bearer ${token}` },
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode === 200) resolve(tempFilePath);
        else reject(new Failure(statusCode === 401 ? 'unauthenticated' : 'internal', statusCode));
      },
      fail: ({ errMsg }) => reject(unanswered(errMsg)),
    }),
  );
}
