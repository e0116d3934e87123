//! The gate: what the clients in the field are known to refuse, refused at build time.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use wasmparser::{Export, ExternalKind, Import, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// 90 KB: our share of the 2 MB that WeChat allows a package, and what a slow network loads at once.
pub const MAX_PACKED_BYTES: usize = 90 * 1024;

/// iOS 8.0.9 loses the pointer of a function that is exported under more names (github.com/liuxinyumocn/WXWASMFIX).
const MAX_NAMES_OF_A_FUNCTION: usize = 3;

/// Refuses a module that is not WebAssembly of 2017, or imports or exports what iOS clients cannot carry.
pub fn check_module(wasm: &[u8]) -> Result<()> {
    Validator::new_with_features(WasmFeatures::MVP).validate_all(wasm).context("not a WebAssembly MVP module")?;
    let mut names = BTreeMap::<u32, Vec<&str>>::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    check_import(&import?)?;
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    check_export(&export)?;
                    if export.kind == ExternalKind::Func {
                        names.entry(export.index).or_default().push(export.name);
                    }
                }
            }
            _ => {}
        }
    }
    for (function, names) in names {
        ensure!(names.len() <= MAX_NAMES_OF_A_FUNCTION, "function {function} is exported as {}", names.join(", "));
    }
    Ok(())
}

/// Refuses a packed module that is over its budget.
pub fn check_size(packed: &[u8]) -> Result<()> {
    let size = packed.len();
    ensure!(size <= MAX_PACKED_BYTES, "core.wasm.br has {size} bytes, {MAX_PACKED_BYTES} are allowed");
    Ok(())
}

fn check_import(import: &Import) -> Result<()> {
    if !matches!(import.ty, TypeRef::Func(_)) {
        bail!("{}.{} is imported and is no function", import.module, import.name);
    }
    Ok(())
}

fn check_export(export: &Export) -> Result<()> {
    match export.kind {
        ExternalKind::Func | ExternalKind::Memory | ExternalKind::Table => Ok(()),
        kind => bail!("{} is exported and is a {kind:?}", export.name),
    }
}

#[cfg(test)]
mod tests;
