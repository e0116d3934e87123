//! Randomness from the operating system, and the ids made of it.

use crate::problem::Problem;
use paifang_core::ids::ShortId;
use paifang_core::ticket::ShortCode;
use std::sync::{Mutex, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// Keeps ids of one millisecond in the order in which they were made.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// `N` random bytes. Fails only when the operating system has none.
pub fn bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
    Ok(bytes)
}

/// A new id (UUIDv7, RFC 9562) for something made at `now` (UTC epoch milliseconds).
pub fn id(now: i64) -> String {
    let millis = u64::try_from(now).unwrap_or_default();
    let nanos = u32::try_from(millis % 1000).unwrap_or_default() * 1_000_000;
    let order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*order, millis / 1000, nanos)).to_string()
}

/// The smallest id of its moment: all older ids are less.
pub fn first_id(at: i64) -> String {
    let millis = u64::try_from(at).unwrap_or_default();
    format!("{:08x}-{:04x}-7000-8000-000000000000", millis >> 16, millis & 0xffff)
}

/// A new short code of a ticket.
pub fn short_code() -> Result<ShortCode, Problem> {
    Ok(ShortCode::from_random(bytes()?))
}

/// A new short name for something printed or put into a scene.
pub fn short_id() -> Result<ShortId, Problem> {
    ShortId::from_random(&bytes::<32>()?).ok_or_else(|| Problem::internal("unlucky randomness"))
}

/// A new secret for a bearer to present, 256 bits.
pub fn secret() -> Result<String, Problem> {
    Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes::<32>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_before_are_less_than_the_first_of_a_moment() {
        let at = 1_770_000_000_000;
        assert!(id(at - 1) < first_id(at) && first_id(at) <= id(at) && id(at) < first_id(at + 1));
    }
}
