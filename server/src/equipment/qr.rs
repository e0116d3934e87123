//! QR codes as SVG.

use crate::problem::Problem;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Modules are drawn this large; the page scales the picture.
const MODULE: u32 = 8;

/// The QR code of a text as an SVG element, black on white in every color scheme, with its quiet zone. Level Q still
/// reads when a quarter of a label is scratched.
pub fn svg(text: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q);
    let code = code.map_err(|error| Problem::internal(error.to_string()))?;
    let drawn = code.render::<svg::Color<'_>>().module_dimensions(MODULE, MODULE).quiet_zone(true).build();
    // A page has no place for an XML declaration.
    let start = drawn.find("<svg").unwrap_or_default();
    Ok(drawn.get(start..).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_code_is_one_element_without_scripts_and_styles() {
        let drawn = svg("https://service.example.com/q/0123456789").unwrap();
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>"));
        assert!(!drawn.contains("<script") && !drawn.contains("style="));
        assert!(drawn.contains("viewBox"));
    }
}
