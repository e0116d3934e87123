/** UTF-8 for clients without `TextEncoder`; like it, lone surrogates become U+FFFD. */
class Utf8Encoder {
  encode(text) {
    const bytes = new Uint8Array(text.length * 3);
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      let point = text.codePointAt(i);
      if (point > 0xffff) {
        i++;
      } else if (point >= 0xd800 && point <= 0xdfff) {
        point = 0xfffd;
      }
      if (point < 0x80) {
        bytes[length++] = point;
        continue;
      }
      if (point < 0x800) {
        bytes[length++] = 0xc0 | (point >> 6);
      } else {
        if (point < 0x10000) {
          bytes[length++] = 0xe0 | (point >> 12);
        } else {
          bytes[length++] = 0xf0 | (point >> 18);
          bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
        }
        bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      }
      bytes[length++] = 0x80 | (point & 0x3f);
    }
    return bytes.slice(0, length);
  }
}

/** UTF-8 for clients without `TextDecoder`. It reads strings of Rust only, and those are always well-formed. */
class Utf8Decoder {
  decode(bytes) {
    // `apply` takes each unit as an argument, and old engines allow some thousands of them.
    const CHUNK = 4096;
    const length = bytes === undefined ? 0 : bytes.length;
    let text = '';
    let units = [];
    for (let i = 0; i < length; ) {
      const first = bytes[i++];
      let point = first;
      if (first >= 0xf0) {
        point = ((first & 0x07) << 18) | ((bytes[i++] & 0x3f) << 12) | ((bytes[i++] & 0x3f) << 6) | (bytes[i++] & 0x3f);
      } else if (first >= 0xe0) {
        point = ((first & 0x0f) << 12) | ((bytes[i++] & 0x3f) << 6) | (bytes[i++] & 0x3f);
      } else if (first >= 0x80) {
        point = ((first & 0x1f) << 6) | (bytes[i++] & 0x3f);
      }
      if (point > 0xffff) {
        units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
      } else {
        units.push(point);
      }
      if (units.length >= CHUNK) {
        text += String.fromCharCode.apply(null, units);
        units = [];
      }
    }
    return text + String.fromCharCode.apply(null, units);
  }
}

/** Stands where the script only asks `x instanceof …`. */
class Absent {}

/** `WebAssembly`, as far as the script uses it, over the client's `WXWebAssembly`. */
const hostWebAssembly = {
  Module: Absent,
  Instance: Absent,
  instantiate(path, imports) {
    if (typeof WXWebAssembly === 'undefined') {
      return Promise.reject(new Error('WXWebAssembly is missing on this client'));
    }
    if (typeof path !== 'string') {
      return Promise.reject(new TypeError('init() takes a path inside the package'));
    }
    // Some clients answer `{ instance, module }`, some the instance itself.
    return Promise.resolve(WXWebAssembly.instantiate(path, imports)).then((result) =>
      result.instance ? result : { instance: result },
    );
  },
};
