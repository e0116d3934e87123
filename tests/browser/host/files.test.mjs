import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, data, DOMAIN, errors, isReady, send, until, useHost } from './support.mjs';

const host = useHost();
const FILES = '/pages/files/index';
const USER = 'wxfile://usr';
const ok = async (page, name, ...args) => {
  const result = await call(page, name, ...args);
  assert.ok('ok' in result || result.failed === undefined, JSON.stringify(result));
  return result.ok;
};
const code = async (page, name, ...args) => (await call(page, name, ...args)).failed.errCode;

/** A picture of 30 by 20 pixels, and a moving one of a second. */
const makePicture = (page) =>
  page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 30, height: 20 });
    canvas.getContext('2d').fillRect(0, 0, 30, 10);
    return canvas.toDataURL('image/png');
  });
const makeVideo = (page) =>
  page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const recorder = new MediaRecorder(canvas.captureStream(20));
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    for (let i = 0; i < 12; i++) {
      canvas.getContext('2d').fillRect(i, i, 5, 5);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => ((recorder.onstop = resolve), recorder.stop()));
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return `data:video/webm;base64,${btoa(String.fromCharCode(...bytes))}`;
  });

async function agreed(t, path = FILES) {
  const page = await host.open(t, path);
  await send(page, 'requirePrivacyAuthorize');
  await page.getByRole('button', { name: '同意' }).click();
  await page.getByText('requirePrivacyAuthorize:ok').waitFor();
  return page;
}

test('files are written, read in parts and kept; temporary ones are not', async (t) => {
  const page = await agreed(t);
  await ok(page, 'fs.mkdir', { dirPath: `${USER}/a/b`, recursive: true });
  await ok(page, 'fs.writeFile', { filePath: `${USER}/a/b/x.txt`, data: '牌坊', encoding: 'utf8' });
  const file = { filePath: `${USER}/a/b/x.txt` };
  assert.deepEqual((await ok(page, 'fs.readFile', { ...file, position: 3, length: 3 })).data, {
    bytes: [0xe5, 0x9d, 0x8a],
  });
  assert.equal((await ok(page, 'fs.readFile', { ...file, encoding: 'base64' })).data, '54mM5Z2K');
  assert.equal(await code(page, 'fs.readFile', { ...file, position: 9 }), 1301009);
  assert.equal(await code(page, 'fs.readFile', { ...file, length: 7 }), 1301006);
  assert.deepEqual(await ok(page, 'fs.readdirSync', `${USER}/a`), ['b']);
  assert.equal(await code(page, 'fs.rmdir', { dirPath: `${USER}/a` }), 1300066);
  assert.equal(await code(page, 'fs.writeFile', { filePath: `${USER}/gone/x`, data: 'x' }), 1300002);
  assert.equal(await code(page, 'fs.writeFile', { filePath: '/assets/x', data: 'x' }), 1301000);
  assert.equal(await code(page, 'fs.writeFile', { filePath: `${USER}/../x`, data: 'x' }), 1301000);
  assert.match(
    (await call(page, 'fs.accessSync', `${USER}/gone`)).failed,
    /^accessSync:fail no such file or directory/,
  );
  assert.match((await ok(page, 'fs.readFile', { filePath: '/assets/pin.svg', encoding: 'utf8' })).data, /^<svg/);
  assert.equal((await ok(page, 'getFileInfo', file)).size, 6);

  await page.evaluate(
    (dataUrl) => window.phone.setAlbum([{ type: 'image', dataUrl, name: 'x.png' }]),
    await makePicture(page),
  );
  const { tempFiles } = await ok(page, 'chooseMedia', { count: 1 });
  const { savedFilePath } = await ok(page, 'fs.saveFile', { tempFilePath: tempFiles[0].tempFilePath });
  assert.equal(await code(page, 'fs.access', { path: tempFiles[0].tempFilePath }), 1300002);
  const again = (await ok(page, 'chooseMedia', { count: 1 })).tempFiles[0].tempFilePath;
  await page.evaluate(() => window.phone.restart());
  await isReady(page);
  assert.equal((await ok(page, 'fs.readFile', { ...file, encoding: 'utf8' })).data, '牌坊');
  await ok(page, 'fs.access', { path: savedFilePath });
  assert.equal(await code(page, 'fs.access', { path: again }), 1300002);
  await ok(page, 'fs.unlinkSync', file.filePath);
  assert.equal(await code(page, 'fs.unlink', file), 1300002);
  assert.deepEqual(await errors(page), []);
});

test('the digest is the published one', async (t) => {
  const page = await agreed(t);
  await ok(page, 'fs.writeFileSync', `${USER}/x`, 'abc', 'utf8');
  const file = { filePath: `${USER}/x` };
  assert.equal((await ok(page, 'getFileInfo', file)).digest, '900150983cd24fb0d6963f7d28e17f72');
  const sha1 = await ok(page, 'fs.getFileInfo', { ...file, digestAlgorithm: 'sha1' });
  assert.equal(sha1.digest, 'a9993e364706816aba3e25717850c26c9cd0d89d');
});

test('one file has at most 100 MB', async (t) => {
  const page = await agreed(t);
  const large = { filePath: `${USER}/x`, data: `zeros ${100 * 1024 * 1024 + 1}` };
  assert.equal(await code(page, 'fs.writeFile', large), 1300202);
});

test('what is in the album is picked, within count and kind', async (t) => {
  const page = await agreed(t);
  const [image, video] = [await makePicture(page), await makeVideo(page)];
  await page.evaluate(
    ([one, other]) =>
      window.phone.setAlbum([
        { type: 'image', dataUrl: one, name: 'a.png' },
        { type: 'video', dataUrl: other, name: 'b.webm', duration: 4 },
      ]),
    [image, video],
  );
  const { tempFiles, type } = await ok(page, 'chooseMedia', { mediaType: ['mix'] });
  assert.equal(type, 'mix');
  const [picture, film] = tempFiles;
  assert.deepEqual(Object.keys(picture).sort(), ['fileType', 'size', 'tempFilePath']);
  assert.deepEqual([film.fileType, film.width, film.height, film.duration], ['video', 64, 48, 4]);
  assert.match(film.thumbTempFilePath, /^wxfile:\/\/tmp_.*\.jpg$/);
  assert.equal((await ok(page, 'chooseMedia', { count: 1, mediaType: ['video'] })).tempFiles.length, 1);

  const info = await ok(page, 'getImageInfo', { src: picture.tempFilePath });
  assert.deepEqual([info.width, info.height, info.type, info.orientation], [30, 20, 'png', 'up']);
  const { tempFilePath } = await ok(page, 'compressImage', {
    src: picture.tempFilePath,
    quality: 50,
    compressedWidth: 15,
  });
  const small = await ok(page, 'getImageInfo', { src: tempFilePath });
  assert.deepEqual([small.width, small.height, small.type], [15, 10, 'jpeg']);
  await ok(page, 'previewMedia', {
    sources: [{ url: picture.tempFilePath }, { url: film.tempFilePath, type: 'video' }],
  });
  await page.locator('#wechat-preview-after').click();
  assert.equal(await page.locator('#wechat-preview-count').textContent(), '2 / 2');
  await page.locator('#wechat-preview-close').click();
  assert.match((await call(page, 'previewImage', { urls: ['wxfile://tmp_gone.jpg'] })).failed.errMsg, /is not there/);

  await page.evaluate(() => window.phone.setAlbum('cancel'));
  assert.equal((await call(page, 'chooseMedia', {})).failed.errMsg, 'chooseMedia:fail cancel');
  assert.match((await call(page, 'chooseMedia', { count: 21 })).failed.errMsg, /invalid count/);
});

test('a person picks files or takes a photo', async (t) => {
  const page = await agreed(t);
  await send(page, 'chooseMedia', { count: 2, mediaType: ['image'] });
  const buffer = Buffer.from((await makePicture(page)).split(',')[1], 'base64');
  await page.locator('#wechat-album-files').setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer });
  await page.getByRole('listitem').filter({ hasText: 'p.png' }).waitFor();
  await page.locator('#wechat-album-shoot').click();
  await page.getByRole('listitem').filter({ hasText: 'photo.jpg' }).waitFor();
  await page.locator('#wechat-album-confirm').click();
  await page.getByText('chooseMedia:ok').waitFor();
  const { tempFiles } = JSON.parse(await page.locator('[class*=--result]').textContent()).ok;
  assert.deepEqual(
    tempFiles.map(({ tempFilePath }) => tempFilePath.slice(-4)),
    ['.png', '.jpg'],
  );
  await send(page, 'chooseMedia', { sourceType: ['camera'] });
  await page.locator('#wechat-album-cancel').click();
  await page.getByText('chooseMedia:fail cancel').waitFor();
});

test('a drawing becomes a file, is shown and uploaded as a form', async (t) => {
  const page = await agreed(t);
  await page.locator('#draw').click();
  await until(page, ({ heard }) =>
    heard.some(([name, width, height]) => name === 'loaded' && width === 80 && height === 60),
  );
  await page.locator('#upload').click();
  await until(page, ({ sent, aborted }) => sent !== undefined && aborted === 'uploadFile:fail abort');
  const { sent, heard, drawn } = await data(page);
  const { method, url, headers, body } = JSON.parse(sent);
  assert.deepEqual([method, url, headers.authorization], ['POST', '/up?kind=photo', 'B']);
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.match(body, /name="a"\r\n\r\n1\r\n/);
  assert.ok(body.includes(`name="file"; filename="${drawn.split('/').at(-1)}"\r\nContent-Type: image/png`));
  assert.ok(heard.some(([name, progress]) => name === 'progress' && progress === 100));

  const upload = { url: `${DOMAIN}/up`, filePath: drawn, name: 'file' };
  assert.equal(
    (await call(page, 'uploadFile', { ...upload, filePath: 'wxfile://tmp_gone' })).failed.errMsg,
    'uploadFile:fail file not found',
  );
  assert.equal((await call(page, 'uploadFile', { ...upload, url: 'https://elsewhere.example/' })).failed.errno, 600002);
  await page.evaluate(() => window.phone.setNetwork(false));
  assert.equal((await call(page, 'uploadFile', upload)).failed.errno, 600001);
});

test('bytes are sent as they are, and a download becomes a file', async (t) => {
  const page = await agreed(t);
  const header = { 'content-type': 'application/octet-stream' };
  const { data: echo } = await ok(page, 'request', {
    url: `${DOMAIN}/b`,
    method: 'PUT',
    header,
    data: { bytes: [0, 255, 7] },
  });
  assert.equal(echo.hex, '00ff07');
  const down = await ok(page, 'downloadFile', { url: `${DOMAIN}/picture` });
  assert.deepEqual([down.statusCode, down.tempFilePath.slice(-4)], [200, '.svg']);
  const kept = await ok(page, 'downloadFile', { url: `${DOMAIN}/picture`, filePath: `${USER}/p.svg` });
  assert.equal(kept.filePath, `${USER}/p.svg`);
  assert.match((await ok(page, 'fs.readFile', { filePath: `${USER}/p.svg`, encoding: 'utf8' })).data, /^<svg/);
});

test('pictures of the server and videos are shown, but not without network', async (t) => {
  const page = await host.open(t, `${FILES}?picture=${encodeURIComponent(`${DOMAIN}/picture`)}`);
  await until(page, ({ heard }) =>
    heard.some(([name, width, height]) => name === 'loaded' && width === 12 && height === 8),
  );
  const film = await makeVideo(page);
  await page.evaluate((src) => window.phone.restart(`/pages/files/index?video=${encodeURIComponent(src)}`), film);
  await page.waitForFunction(() => window.phone?.url().includes('video='));
  await isReady(page);
  await until(page, ({ heard }) => heard.some(([name, width]) => name === 'ready' && width === 64));
  await page.locator('#play').click();
  await until(page, ({ heard }) => heard.some(([name]) => name === 'ended'));
  await page.evaluate(() => window.phone.setNetwork(false));
  await page.evaluate(
    (src) => window.phone.restart(`/pages/files/index?picture=${encodeURIComponent(src)}`),
    `${DOMAIN}/picture`,
  );
  await page.waitForFunction(() => window.phone?.url().includes('picture='));
  await until(page, ({ heard }) => heard.some(([name, id]) => name === 'failed' && id === 'image'));
});
