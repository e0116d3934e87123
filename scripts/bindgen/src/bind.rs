//! Binding: wasm-bindgen, used as a library, writes the JavaScript that carries strings in and out of the module.

use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

/// iOS clients cannot export a Global (WXWebAssembly documentation), and wasm-bindgen 0.2.130 exports two for its own
/// book-keeping, which a module built with `panic = "abort"` never reads.
const BOOKKEEPING_GLOBALS: [&str; 2] = ["__abort_handler", "__instance_terminated"];

/// A module and the script and type declarations that belong to it.
pub struct Bound {
    /// The module, still with whatever instructions the compiler chose.
    pub wasm: Vec<u8>,
    /// wasm-bindgen's script, which defines `wasm_bindgen`.
    pub script: String,
    /// The exported functions, as TypeScript sees them.
    pub types: String,
}

/// Binds the module that cargo built.
pub fn bind(raw: &Path) -> Result<Bound> {
    let context = || format!("cannot bind {}", raw.display());
    let mut output = bindgen(raw).no_modules(true).and_then(Bindgen::generate_output).with_context(context)?;
    let script = output.js().to_owned();
    let exports = &mut output.wasm_mut().exports;
    let unwanted: Vec<_> =
        exports.iter().filter(|export| BOOKKEEPING_GLOBALS.contains(&export.name.as_str())).map(|e| e.id()).collect();
    for id in unwanted {
        exports.delete(id);
    }
    let wasm = output.wasm_mut().emit_wasm();

    // Only a bundler's declarations are free of `fetch`, `URL` and `WebAssembly`, which a mini program does not have.
    let declared = bindgen(raw).bundler(true).and_then(Bindgen::generate_output).with_context(context)?;
    let types = declared.ts().context("wasm-bindgen wrote no declarations")?.to_owned();
    Ok(Bound { wasm, script, types })
}

fn bindgen(raw: &Path) -> Bindgen {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(raw)
        .out_name("core")
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        // `encodeInto` is missing from many clients, and its fallback costs more than `encode` alone.
        .encode_into(EncodeInto::Never);
    bindgen
}
