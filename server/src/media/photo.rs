//! Photos and signatures: told by their bytes, turned upright, made no larger than a screen needs, and written anew
//! without anything but the pixels, because a camera writes into a file where and by whom it was taken.

use crate::problem::Problem;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use paifang_core::problem::ProblemCode;
use std::io::Cursor;

/// The largest file of a photo or signature, in bytes.
pub const LIMIT: usize = 10 * 1024 * 1024;
const MEGAPIXELS: u64 = 50;
const LONGEST_SIDE: u32 = 2560;
/// Memory that a decoder may ask for, in bytes.
const DECODER_MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 85;

/// What an image is made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A photo: JPEG.
    Photo,
    /// A signature: PNG, which may be transparent.
    Signature,
}

/// What the first bytes and the header say.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    format: ImageFormat,
    /// Size in millions of pixels, rounded up.
    pub megapixels: u32,
}

/// An image that was written anew.
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Tells what the file is, without decoding it.
pub fn header(bytes: &[u8], purpose: Purpose) -> Result<Header, Problem> {
    let accepted: &[ImageFormat] = match purpose {
        Purpose::Photo => &[ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP],
        Purpose::Signature => &[ImageFormat::Png],
    };
    let format = image::guess_format(bytes).ok().filter(|format| accepted.contains(format));
    let format = format.ok_or_else(|| Problem::new(ProblemCode::MediaTypeRefused).detail(expected(purpose)))?;
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(broken)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MEGAPIXELS * 1_000_000 {
        return Err(too_large());
    }
    Ok(Header { format, megapixels: u32::try_from(pixels.div_ceil(1_000_000)).unwrap_or(u32::MAX) })
}

/// Decodes the file and writes it anew. Takes long: not for a thread that serves requests.
pub fn rewrite(bytes: &[u8], header: Header, purpose: Purpose) -> Result<Picture, Problem> {
    if header.format == ImageFormat::Jpeg && !ends(bytes) {
        return Err(Problem::new(ProblemCode::MediaBroken).detail("the file is cut off"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), header.format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = shrink(DynamicImage::from_decoder(decoder).map_err(broken)?);
    image.apply_orientation(orientation);
    let mut bytes = Vec::new();
    match purpose {
        Purpose::Photo => on_white(&image).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)),
        Purpose::Signature => {
            DynamicImage::ImageRgba8(image.to_rgba8()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        }
    }
    .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Picture { bytes, width: image.width(), height: image.height() })
}

fn shrink(image: DynamicImage) -> DynamicImage {
    let longest = image.width().max(image.height());
    if longest <= LONGEST_SIDE {
        return image;
    }
    // The good filter needs 16 bytes for each pixel of its input's width: a quick one comes first.
    let image = if longest > 2 * LONGEST_SIDE { image.thumbnail(2 * LONGEST_SIDE, 2 * LONGEST_SIDE) } else { image };
    image.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle)
}

/// JPEG knows no transparency.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let source = image.to_rgba8();
    let mut opaque = RgbImage::new(source.width(), source.height());
    for (to, from) in opaque.pixels_mut().zip(source.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let over = |color: u32| u8::try_from((color * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        to.0 = [over(red), over(green), over(blue)];
    }
    opaque
}

/// Whether a JPEG has its end: decoders fill in what is missing, and nobody would notice. The end is looked for after
/// the first scan begins, because a small picture inside the header has an end of its own.
fn ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == 0xda {
            return bytes.get(at..).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
        // A marker may be preceded by any number of fill bytes.
        at += if *marker == 0xff { 1 } else { 2 + usize::from(u16::from_be_bytes([*high, *low])) };
    }
    false
}

fn expected(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Photo => "a photo is JPEG, PNG or WebP",
        Purpose::Signature => "a signature is PNG",
    }
}

fn too_large() -> Problem {
    Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {MEGAPIXELS} megapixels"))
}

fn broken(error: ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => too_large(),
        error => Problem::new(ProblemCode::MediaBroken).because(error.to_string()),
    }
}
