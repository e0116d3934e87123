//! Turns the compiled rules into what a mini program can load: `raw.wasm` in; `core.wasm`, `core.wasm.br`, `core.js`
//! and `core.d.ts` out. Nothing is written unless the module passes the gate, and equal input gives equal bytes.

mod bind;
mod gate;
mod glue;
mod lower;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use clap::Parser;
use std::{fs, io::Write, path::PathBuf};

/// Binds, lowers, checks and packs the WebAssembly module of the mini program.
#[derive(Parser)]
struct Arguments {
    /// The module as cargo built it; what lies between the steps is kept beside it.
    #[arg(long)]
    input: PathBuf,
    /// The folder that receives core.wasm, core.wasm.br, core.js and core.d.ts.
    #[arg(long)]
    out: PathBuf,
    /// The `wasm-opt` to lower with: binaryen 132 or later.
    #[arg(long)]
    wasm_opt: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let bound = bind::bind(&arguments.input)?;
    let wasm = lower::lower(&arguments.wasm_opt, &bound.wasm, &arguments.input)?;
    let packed = pack(&wasm)?;
    gate::check_module(&wasm).context("this module would not run on every client")?;
    gate::check_size(&packed)?;
    let script = glue::wrap(&bound.script)?;
    let types = glue::declare(&bound.types);

    fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create {}", arguments.out.display()))?;
    let files: [(&str, &[u8]); 4] = [
        ("core.wasm", &wasm),
        ("core.wasm.br", &packed),
        ("core.js", script.as_bytes()),
        ("core.d.ts", types.as_bytes()),
    ];
    for (name, content) in files {
        let path = arguments.out.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let raw = fs::metadata(&arguments.input)?.len();
    writeln!(
        std::io::stdout(),
        "raw {raw}, bound {}, core.wasm {}, core.wasm.br {} of {}, core.js {} bytes",
        bound.wasm.len(),
        wasm.len(),
        packed.len(),
        gate::MAX_PACKED_BYTES,
        script.len(),
    )?;
    Ok(())
}

/// Clients unpack `.wasm.br` themselves since base library 2.14.0, and the package limit counts the packed size.
fn pack(wasm: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: wasm.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &wasm[..], &mut packed, &parameters).context("cannot compress the module")?;
    Ok(packed)
}
