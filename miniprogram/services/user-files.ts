/** The mini program's own files on the phone: they stay until we remove them, as far as the phone has room. */

const folder = (): string => `${wx.env.USER_DATA_PATH}/media`;

function made(): string {
  const path = folder();
  try {
    wx.getFileSystemManager().mkdirSync(path, true);
  } catch {
    // It is there already.
  }
  return path;
}

/** Moves a temporary file to where it stays. Answers its path, or undefined when the phone has no room. */
export function keepFile(temporary: string, name: string): Promise<string | undefined> {
  const path = `${made()}/${name}`;
  return new Promise((resolve) =>
    wx.getFileSystemManager().saveFile({
      tempFilePath: temporary,
      filePath: path,
      success: () => resolve(path),
      fail: ({ errMsg }) => {
        console.warn('the phone cannot keep a file', errMsg);
        resolve(undefined);
      },
    }),
  );
}

/** Writes bytes, such as a signature, to a file that stays. */
export function writeFile(name: string, data: ArrayBuffer): Promise<string | undefined> {
  const path = `${made()}/${name}`;
  return new Promise((resolve) =>
    wx.getFileSystemManager().writeFile({
      filePath: path,
      data,
      success: () => resolve(path),
      fail: ({ errMsg }) => {
        console.warn('the phone cannot keep a file', errMsg);
        resolve(undefined);
      },
    }),
  );
}

/** Bytes of a file from a position on. Throws when the file is gone. */
export function readPart(path: string, position: number, length: number): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) =>
    wx.getFileSystemManager().readFile({
      filePath: path,
      position,
      length,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    }),
  );
}

/** Size in bytes and SHA-256 in hexadecimal digits; undefined when the file is gone, or the client too old for it. */
export function digestOf(path: string): Promise<{ size: number; sha256: string } | undefined> {
  return new Promise((resolve) =>
    wx.getFileSystemManager().getFileInfo({
      filePath: path,
      digestAlgorithm: 'sha256',
      success: ({ size, digest }) => resolve({ size, sha256: digest.toLowerCase() }),
      fail: () => resolve(undefined),
    }),
  );
}

export function removeFile(path: string): void {
  wx.getFileSystemManager().unlink({ filePath: path, fail: () => undefined });
}

/** Whether the phone still has a file; the system removes what it likes when room is short. */
export function isThere(path: string): Promise<boolean> {
  return new Promise((resolve) =>
    wx.getFileSystemManager().access({ path, success: () => resolve(true), fail: () => resolve(false) }),
  );
}
