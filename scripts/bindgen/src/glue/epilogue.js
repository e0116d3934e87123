function create() {
  const bind = glue(
    hostWebAssembly,
    // The script fetches the module first; here the path itself goes on to WXWebAssembly.
    (path) => path,
    typeof TextEncoder === 'undefined' ? Utf8Encoder : TextEncoder,
    typeof TextDecoder === 'undefined' ? Utf8Decoder : TextDecoder,
  );
  // The bare exports of the instance stay inside: they take pointers.
  const init = (path) => bind({ module_or_path: path }).then(() => undefined);
  const core = Object.assign({}, bind, { create, init });
  // It takes bytes or a compiled module, and a mini program can have neither.
  delete core.initSync;
  return core;
}

module.exports = create();
