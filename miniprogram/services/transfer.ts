/** Files on their way to the server: `wx.uploadFile` for photos, raw bytes for the parts of a video. */
import { SERVER } from '../config';
import { language } from '../texts/index';
import { Failure } from './failure';
import { problemIn, unanswered } from './http';

const PHOTO_TIMEOUT = 60_000;
const PART_TIMEOUT = 60_000;

function headers(token: string | undefined): Record<string, string> {
  return { 'accept-language': language(), ...(token !== undefined && { authorization: `Bearer ${token}` }) };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // Something between us and the server answered.
    return undefined;
  }
}

/** Sends a file as multipart form data. `percent` is told how far it is. */
export function sendFile<T>(
  path: string,
  file: string,
  token: string | undefined,
  percent: (value: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const task = wx.uploadFile({
      url: SERVER + path,
      filePath: file,
      name: 'file',
      header: headers(token),
      timeout: PHOTO_TIMEOUT,
      success: ({ statusCode, data }) => {
        const document = parsed(data);
        if (statusCode < 200 || statusCode >= 300) reject(problemIn(statusCode, document));
        else if (document === undefined) reject(new Failure('internal', statusCode));
        else resolve(document as T);
      },
      fail: ({ errMsg }) => reject(unanswered(errMsg)),
    });
    task.onProgressUpdate?.(({ progress }) => percent(progress));
  });
}

/** Sends bytes as they are. */
export function sendBytes<T>(path: string, bytes: ArrayBuffer, token: string | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: SERVER + path,
      method: 'PUT',
      data: bytes,
      header: { ...headers(token), 'content-type': 'application/octet-stream' },
      timeout: PART_TIMEOUT,
      success: ({ statusCode, data }) => {
        if (statusCode >= 200 && statusCode < 300) resolve(data as T);
        else reject(problemIn(statusCode, data));
      },
      fail: ({ errMsg }) => reject(unanswered(errMsg)),
    });
  });
}

/** Fetches a file; answers its temporary path. */
export function fetchFile(path: string, token: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: SERVER + path,
      header: headers(token),
      timeout: PHOTO_TIMEOUT,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode === 200) resolve(tempFilePath);
        else reject(new Failure(statusCode === 401 ? 'unauthenticated' : 'internal', statusCode));
      },
      fail: ({ errMsg }) => reject(unanswered(errMsg)),
    });
  });
}
