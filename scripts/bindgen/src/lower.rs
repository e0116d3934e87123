//! Lowering: binaryen rewrites whatever a WebAssembly engine of 2020 does not know, then makes the module small.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path, process::Command};

/// iOS 14 clients refuse sign extension (`invalid opcode 192`), saturating conversions and bulk memory, which the
/// prebuilt standard library uses whatever the target CPU is. Each must be enabled to be read, and is then replaced.
const FLAGS: [&str; 13] = [
    "--mvp-features",
    "--enable-mutable-globals",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--llvm-memory-copy-fill-lowering",
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Lowers `bound`; what goes in and what comes out stays beside `raw`, for whoever has to look into it.
pub fn lower(wasm_opt: &Path, bound: &[u8], raw: &Path) -> Result<Vec<u8>> {
    let before = raw.with_extension("bound.wasm");
    let after = raw.with_extension("lowered.wasm");
    fs::write(&before, bound).with_context(|| format!("cannot write {}", before.display()))?;
    let status = Command::new(wasm_opt)
        .args(FLAGS)
        .arg(&before)
        .arg("-o")
        .arg(&after)
        .status()
        .with_context(|| format!("cannot run {}", wasm_opt.display()))?;
    ensure!(status.success(), "wasm-opt could not lower {}: {status}", before.display());
    fs::read(&after).with_context(|| format!("cannot read {}", after.display()))
}
