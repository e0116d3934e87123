/** What a file is: by its first bytes, else by its name. */
const SIGNS = [
  ['image/jpeg', '.jpg', [0xff, 0xd8, 0xff]],
  ['image/png', '.png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/gif', '.gif', [0x47, 0x49, 0x46, 0x38]],
  ['video/webm', '.webm', [0x1a, 0x45, 0xdf, 0xa3]],
];
const BY_NAME = {
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
};

const textAt = (bytes, from, until) => String.fromCharCode(...bytes.subarray(from, until));

/** @param {string} path  @param {Uint8Array} bytes */
export function typeOf(path, bytes) {
  for (const [type, , sign] of SIGNS) if (sign.every((byte, index) => bytes[index] === byte)) return type;
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 12) === 'WEBP') return 'image/webp';
  if (textAt(bytes, 4, 8) === 'ftyp') return textAt(bytes, 8, 10) === 'qt' ? 'video/quicktime' : 'video/mp4';
  return BY_NAME[/\.\w+$/.exec(path)?.[0].toLowerCase()] ?? 'application/octet-stream';
}

const EXTENSIONS = { 'image/webp': '.webp', 'video/mp4': '.mp4', 'video/quicktime': '.mov' };

/** How a file of a type is called; nothing for one that is not known. */
export function extensionFor(type) {
  const sign = SIGNS.find(([one]) => one === type);
  return sign?.[1] ?? EXTENSIONS[type] ?? Object.keys(BY_NAME).find((name) => BY_NAME[name] === type) ?? '';
}
