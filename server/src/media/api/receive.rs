//! The form in which a phone sends one file (`wx.uploadFile`).

use super::super::photo::LIMIT;
use crate::problem::Problem;
use actix_multipart::{Multipart, MultipartError};
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use paifang_core::problem::ProblemCode;
use std::time::Duration;

/// A form that arrives more slowly than this is given up.
const READ_TIMEOUT: Duration = Duration::from_secs(180);
/// All that may stand beside the file, in bytes.
const BESIDE: usize = 16 * 1024;

/// The part `file` of the form.
pub async fn file(request: &HttpRequest, payload: web::Payload) -> Result<Bytes, Problem> {
    let form = Multipart::new(request.headers(), payload);
    let too_slow = |_| Problem::new(ProblemCode::MalformedBody).detail("the body did not arrive in time");
    tokio::time::timeout(READ_TIMEOUT, read(form)).await.map_err(too_slow)?
}

async fn read(mut form: Multipart) -> Result<Bytes, Problem> {
    let (mut file, mut beside) = (None, 0);
    while let Some(mut part) = form.try_next().await.map_err(malformed)? {
        let wanted = part.name() == Some("file");
        if wanted && file.is_some() {
            return Err(Problem::new(ProblemCode::MalformedBody).detail("more than one part named file"));
        }
        let mut bytes = BytesMut::new();
        while let Some(piece) = part.try_next().await.map_err(malformed)? {
            if wanted {
                bytes.extend_from_slice(&piece);
            } else {
                beside += piece.len();
            }
            if bytes.len() > LIMIT || beside > BESIDE {
                return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {LIMIT} bytes")));
            }
        }
        if wanted {
            file = Some(bytes.freeze());
        }
    }
    file.ok_or_else(|| Problem::field("file", "required", "is missing"))
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
