/** `wx.getFileSystemManager`. Its calls have callbacks and give no promise; those that end in `Sync` throw. */
import { WxFailure } from '../failure.js';
import { settled } from '../files/database.js';
import { digest } from '../files/digest.js';
import * as disk from '../files/operations.js';
import { recordCall, recordError } from '../record.js';
import { asyncCall, failureOf, syncCall } from './define.js';

/** Each call by name: how its object of options becomes parameters, and what its answer is called. */
const CALLS = {
  access: [disk.access, ['path']],
  appendFile: [disk.appendFile, ['filePath', 'data', 'encoding']],
  copyFile: [disk.copyFile, ['srcPath', 'destPath']],
  getSavedFileList: [disk.savedFiles, [], 'fileList'],
  mkdir: [disk.mkdir, ['dirPath', 'recursive']],
  readFile: [disk.readFile, ['filePath', 'encoding', 'position', 'length'], 'data'],
  readdir: [disk.readdir, ['dirPath'], 'files'],
  removeSavedFile: [disk.removeSaved, ['filePath']],
  rename: [disk.rename, ['oldPath', 'newPath']],
  rmdir: [disk.rmdir, ['dirPath', 'recursive']],
  saveFile: [disk.saveFile, ['tempFilePath', 'filePath'], 'savedFilePath'],
  stat: [disk.stat, ['path', 'recursive'], 'stats'],
  unlink: [disk.unlink, ['filePath']],
  writeFile: [disk.writeFile, ['filePath', 'data', 'encoding']],
};
const ONLY_ASYNC = new Set(['getSavedFileList', 'removeSavedFile']);

async function fileInfo({ filePath, digestAlgorithm }) {
  const bytes = disk.bytesOf(filePath);
  return { size: bytes.length, digest: await digest(bytes, digestAlgorithm) };
}

/** What the log says of a call; the data itself may be large. */
const brief = (options) => (options?.data === undefined ? options : { ...options, data: '…' });

function withCallbacks(name, run) {
  return (options = {}) => {
    recordCall(`FileSystemManager.${name}`, brief(options));
    const { success, fail, complete } = options;
    void Promise.resolve()
      .then(() => run(options))
      .then(async (result) => {
        await settled();
        return [success, { ...result, errMsg: `${name}:ok` }];
      })
      .catch((error) => {
        if (!(error instanceof WxFailure)) reportError(error);
        return [fail, failureOf(name, error)];
      })
      .then(([callback, result]) => {
        callback?.(result);
        complete?.(result);
      })
      .catch(reportError);
  };
}

const manager = { getFileInfo: withCallbacks('getFileInfo', fileInfo) };
for (const [name, [run, parameters, answer]] of Object.entries(CALLS)) {
  manager[name] = withCallbacks(name, (options) => {
    const result = run(...parameters.map((parameter) => options[parameter]));
    return answer === undefined ? {} : { [answer]: result };
  });
  if (ONLY_ASYNC.has(name)) continue;
  manager[`${name}Sync`] = (...values) => {
    recordCall(`FileSystemManager.${name}Sync`, values[0]);
    try {
      return run(...values);
    } catch (error) {
      if (!(error instanceof WxFailure)) throw error;
      throw Object.assign(new Error(`${name}Sync:fail ${error.message}`), failureOf(`${name}Sync`, error));
    }
  };
}

const strict = new Proxy(manager, {
  get(_, name) {
    if (!(name in manager) && typeof name === 'string') recordError(`FileSystemManager.${name} is not simulated`);
    return manager[name];
  },
});

syncCall('getFileSystemManager', () => strict, { isRecorded: false });
asyncCall('getFileInfo', fileInfo);
asyncCall('saveFile', async ({ tempFilePath }) => {
  const savedFilePath = disk.saveFile(tempFilePath);
  await settled();
  return { savedFilePath };
});
