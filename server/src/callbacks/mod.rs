//! What WeChat pushes to a business.

pub mod decode;
