//! Photos and videos as phones make them, and how they are sent.

use crate::actor::{Actor, Answer};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use std::io::Cursor;

/// What a photo's metadata says about its place; it must never come back.
pub const SECRET_PLACE: &[u8] = b"SECRET-PLACE-31.2304-121.4737";

/// A picture whose left half is red and whose right half is blue.
pub fn picture(width: u32, height: u32) -> DynamicImage {
    let color = |x: u32| if x < width / 2 { Rgb([220, 30, 30]) } else { Rgb([30, 30, 220]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| color(x)))
}

/// The picture as a file.
pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A JPEG as a camera held on its side writes it: to be turned by 90 degrees, with the place where it was taken.
pub fn camera_jpeg(width: u32, height: u32) -> Vec<u8> {
    let plain = encoded(&picture(width, height), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    exif.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    exif.extend(SECRET_PLACE);
    let length = u16::try_from(exif.len() + 2).expect("a short segment");
    [&plain[..2], b"\xff\xe1", &length.to_be_bytes(), &exif, &plain[2..]].concat()
}

/// Sends a file as `wx.uploadFile` does.
pub async fn upload(actor: &Actor, query: &str, file: impl Into<Vec<u8>>, name: &str, declared: &str) -> Answer {
    Actor::send(upload_request(actor, query, file, name, declared)).await
}

/// The request that sends a file as `wx.uploadFile` does.
pub fn upload_request(
    actor: &Actor,
    query: &str,
    file: impl Into<Vec<u8>>,
    name: &str,
    declared: &str,
) -> RequestBuilder {
    let part = Part::bytes(file.into()).file_name(name.to_owned()).mime_str(declared).expect("a media type");
    let form = Form::new().text("note", "beside the file").part("file", part);
    actor.request(reqwest::Method::POST, &format!("/api/v1/media?{query}")).multipart(form)
}

/// The bytes behind a relative address, and the answer's status and headers.
pub async fn fetch(actor: &Actor, url: &str, headers: &[(&str, &str)]) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let mut request = actor.request(reqwest::Method::GET, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.expect("its bytes").to_vec())
}

fn boxed(kind: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let size = u32::try_from(content.len() + 8).expect("a short box");
    [&size.to_be_bytes()[..], kind, &content].concat()
}

/// An MP4 of so many seconds with `size` bytes of picture, whose table of contents comes last, with the place where it
/// was taken.
pub fn video(seconds: u32, size: usize) -> Vec<u8> {
    let mut header = vec![0; 100];
    header[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    header[16..20].copy_from_slice(&(seconds * 1000).to_be_bytes());
    let mut track = vec![0; 84];
    track[40..44].copy_from_slice(&0x10000_u32.to_be_bytes());
    track[76..78].copy_from_slice(&640_u16.to_be_bytes());
    track[80..82].copy_from_slice(&360_u16.to_be_bytes());
    let handler = boxed(b"hdlr", &[&[0; 8], b"vide", &[0; 13]]);
    let track = boxed(b"trak", &[&boxed(b"tkhd", &[&track]), &boxed(b"mdia", &[&handler])]);
    let place = boxed(b"udta", &[&boxed(b"\xa9xyz", &[SECRET_PLACE])]);
    let index = boxed(b"moov", &[&boxed(b"mvhd", &[&header]), &track, &place]);
    let pixels: Vec<u8> = (0..size).map(|at| u8::try_from(at * 7 % 251).unwrap_or_default()).collect();
    [boxed(b"ftyp", &[b"isom\0\0\0\0isom"]), boxed(b"mdat", &[&pixels]), index].concat()
}
