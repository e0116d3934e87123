/** Texts in files. */
import { WxFailure } from '../failure.js';

const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
function fromLatin(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

const broken = () => new WxFailure('base64 encode error', { errCode: 1300203 });

const UTF8 = {
  write: (text) => new TextEncoder().encode(text),
  read: (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
};
const LATIN = { write: latin, read: fromLatin };
const WIDE = {
  write: (text) => new Uint8Array(Uint16Array.from(text.split(''), (letter) => letter.charCodeAt(0)).buffer),
  read: (bytes) => new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes),
};
const ENCODINGS = {
  utf8: UTF8,
  'utf-8': UTF8,
  ascii: { write: latin, read: (bytes) => fromLatin(bytes.map((byte) => byte & 0x7f)) },
  binary: LATIN,
  latin1: LATIN,
  ucs2: WIDE,
  'ucs-2': WIDE,
  utf16le: WIDE,
  'utf-16le': WIDE,
  hex: {
    write: (text) => Uint8Array.from(text.match(/[\da-f]{2}/gi) ?? [], (pair) => parseInt(pair, 16)),
    read: (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  },
  base64: {
    write(text) {
      try {
        return latin(atob(text));
      } catch {
        throw broken();
      }
    },
    read: (bytes) => btoa(fromLatin(bytes)),
  },
};

function encodingOf(name) {
  const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (encoding === undefined) throw new WxFailure(`invalid encoding "${name}"`);
  return encoding;
}

/** @param {string | ArrayBuffer} data */
export function toBytes(data, encoding = 'utf8') {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (typeof data !== 'string') throw new WxFailure('parameter error: parameter.data should be String or ArrayBuffer');
  return encodingOf(encoding).write(data);
}

/** Without an encoding, the bytes themselves. */
export function fromBytes(bytes, encoding) {
  return encoding === undefined ? bytes.slice().buffer : encodingOf(encoding).read(bytes);
}
