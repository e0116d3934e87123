/** The monthly statement as a table that other programs read. */
import { Failure } from './failure';
import { authorized } from './session';
import { fetchFile } from './transfer';

/** Fetches the person's statement and opens it, from where it can be sent on. Throws a `Failure`. */
export async function openStatement(month: string): Promise<void> {
  const path = `/api/v1/mileage-statements/me/${encodeURIComponent(month)}?format=xlsx`;
  const filePath = await authorized((token) => fetchFile(path, token));
  await wx.openDocument({ filePath, fileType: 'xlsx', showMenu: true }).catch(() => {
    throw new Failure('internal', 500);
  });
}
