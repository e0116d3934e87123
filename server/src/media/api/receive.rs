//! How files arrive: in the form in which a phone sends one whole (`wx.uploadFile`), or as raw bytes.

use super::super::memory::Received;
use super::super::photo::LIMIT;
use crate::http::body;
use crate::problem::Problem;
use actix_multipart::{Multipart, MultipartError};
use actix_web::{HttpRequest, web};
use futures_util::{StreamExt, TryStreamExt};
use paifang_core::problem::ProblemCode;
use std::time::Duration;

/// What arrives more slowly than this is given up: a weak network carries a part of a video within it.
const READ_TIMEOUT: Duration = Duration::from_secs(180);
/// All that may stand beside the file, in bytes.
const BESIDE: usize = 16 * 1024;

/// Reads the part `file` of a form into `file`.
pub async fn form(request: &HttpRequest, payload: web::Payload, file: Received) -> Result<Received, Problem> {
    let form = Multipart::new(request.headers(), payload);
    tokio::time::timeout(READ_TIMEOUT, read_form(form, file)).await.map_err(|_| body::too_slow())?
}

/// Reads a body of exactly `length` bytes into `file`.
pub async fn raw(payload: web::Payload, length: usize, file: Received) -> Result<Received, Problem> {
    tokio::time::timeout(READ_TIMEOUT, read_raw(payload, length, file)).await.map_err(|_| body::too_slow())?
}

async fn read_raw(mut payload: web::Payload, length: usize, mut file: Received) -> Result<Received, Problem> {
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| body::broke_off())?;
        if file.len() + piece.len() > length {
            return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {length} bytes")));
        }
        file.add(&piece).await?;
    }
    let wrong = || Problem::field("body", "length", format!("this part has {length} bytes"));
    if file.len() == length { Ok(file) } else { Err(wrong()) }
}

async fn read_form(mut form: Multipart, mut file: Received) -> Result<Received, Problem> {
    let (mut found, mut beside) = (false, 0);
    while let Some(mut part) = form.try_next().await.map_err(malformed)? {
        let wanted = part.name() == Some("file");
        if wanted && found {
            return Err(Problem::new(ProblemCode::MalformedBody).detail("more than one part named file"));
        }
        found |= wanted;
        while let Some(piece) = part.try_next().await.map_err(malformed)? {
            beside += if wanted { 0 } else { piece.len() };
            let size = file.len() + if wanted { piece.len() } else { 0 };
            if size > LIMIT || beside > BESIDE {
                return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {LIMIT} bytes")));
            }
            if wanted {
                file.add(&piece).await?;
            }
        }
    }
    if found { Ok(file) } else { Err(Problem::field("file", "required", "is missing")) }
}

fn malformed(error: MultipartError) -> Problem {
    let code = match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => ProblemCode::UnsupportedMediaType,
        _ => ProblemCode::MalformedBody,
    };
    Problem::new(code).detail(error.to_string())
}
