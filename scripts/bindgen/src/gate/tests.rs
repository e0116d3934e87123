//! Modules of a few bytes each, which differ only in what the gate looks for.

use super::{MAX_PACKED_BYTES, check_module, check_size};

const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const GLOBALS: u8 = 6;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;

/// `(func (param i32) (result i32))`
const TYPE: (u8, &[u8]) = (TYPES, &[1, 0x60, 1, 0x7f, 1, 0x7f]);
const FUNCTION: (u8, &[u8]) = (FUNCTIONS, &[1, 0]);
/// `local.get 0`
const BODY: (u8, &[u8]) = (CODE, &[1, 4, 0, 0x20, 0, 0x0b]);

fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    for (id, content) in sections {
        wasm.push(*id);
        wasm.push(u8::try_from(content.len()).unwrap());
        wasm.extend_from_slice(content);
    }
    wasm
}

fn refusal(sections: &[(u8, &[u8])]) -> String {
    format!("{:#}", check_module(&module(sections)).unwrap_err())
}

#[test]
fn a_plain_function_passes() {
    check_module(&module(&[TYPE, FUNCTION, (EXPORTS, &[1, 1, b'a', 0, 0]), BODY])).unwrap();
}

#[test]
fn sign_extension_is_refused() {
    let extend8 = (CODE, &[1, 5, 0, 0x20, 0, 0xc0, 0x0b][..]);
    let refusal = refusal(&[TYPE, FUNCTION, extend8]);
    assert!(refusal.contains("sign extension"), "{refusal}");
}

#[test]
fn an_exported_global_is_refused() {
    let zero = (GLOBALS, &[1, 0x7f, 0, 0x41, 0, 0x0b][..]);
    check_module(&module(&[zero])).unwrap();
    let refusal = refusal(&[zero, (EXPORTS, &[1, 1, b'g', 3, 0])]);
    assert_eq!(refusal, "g is exported and is a Global");
}

#[test]
fn a_function_under_four_names_is_refused() {
    let three = &[3, 1, b'a', 0, 0, 1, b'b', 0, 0, 1, b'c', 0, 0];
    check_module(&module(&[TYPE, FUNCTION, (EXPORTS, three), BODY])).unwrap();
    let four = &[4, 1, b'a', 0, 0, 1, b'b', 0, 0, 1, b'c', 0, 0, 1, b'd', 0, 0];
    assert_eq!(refusal(&[TYPE, FUNCTION, (EXPORTS, four), BODY]), "function 0 is exported as a, b, c, d");
}

#[test]
fn an_imported_memory_is_refused() {
    let memory = &[1, 3, b'e', b'n', b'v', 1, b'm', 2, 0, 1];
    assert_eq!(refusal(&[(IMPORTS, memory)]), "env.m is imported and is no function");
}

#[test]
fn the_budget_is_a_limit() {
    check_size(&vec![0; MAX_PACKED_BYTES]).unwrap();
    check_size(&vec![0; MAX_PACKED_BYTES + 1]).unwrap_err();
}
