//! The only place that knows wasm-bindgen: a JSON string in, a JSON string out, no logic.

use wasm_bindgen::prelude::wasm_bindgen;

/// Calls the rule `name` with the JSON document `input`; the answer is always a JSON document (see [`crate::call`]).
#[wasm_bindgen]
pub fn call(name: &str, input: &str) -> String {
    crate::call::call(name, input)
}

/// Grows the heap once, at start, so that later calls leave the JavaScript views of the memory valid: some hosts
/// do not detach a buffer when the memory grows.
#[wasm_bindgen(start)]
pub fn warm() {
    drop(core::hint::black_box(Vec::<u8>::with_capacity(1 << 20)));
}
