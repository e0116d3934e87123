//! Signing keys of an event. The newest signs; all of them verify.

use super::sql::{self, EventKeyRow, EventRow};
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::seal::Sealer;
use crate::storage::Conn;
use ed25519_dalek::SigningKey;
use paifang_core::problem::ProblemCode;
use paifang_core::ticket::EventKey;
use paifang_core::ticket::code::public_key_hex;
use serde_json::json;

const SEALED: &str = "event_keys.secret";

/// The key that signs new codes.
pub struct Signer {
    /// Its number within the event.
    pub number: u8,
    /// The key.
    pub key: SigningKey,
}

/// Adds a key, which signs from now on.
pub async fn add(
    conn: &mut Conn,
    sealer: &Sealer,
    actor: &Actor,
    event: &EventRow,
    now: i64,
) -> Result<EventKey, Problem> {
    let key = SigningKey::from_bytes(&random::bytes()?);
    let public_key = public_key_hex(&key);
    let sealed = sealer.seal(SEALED, &key.to_bytes())?;
    let number = sql::insert_key(conn, event, &public_key, &sealed, now).await?;
    let exhausted = |_| Problem::new(ProblemCode::Conflict).detail("an event has at most 255 signing keys");
    let number = u8::try_from(number).map_err(exhausted)?;
    let change = Change { action: "event_key.create", subject_id: &event.id, at: now };
    audit::created(conn, actor, change, &json!({ "number": number, "public_key": public_key })).await?;
    Ok(EventKey { number, public_key })
}

/// The public keys of an event.
pub fn public(rows: &[EventKeyRow]) -> Vec<EventKey> {
    let key = |row: &EventKeyRow| {
        Some(EventKey { number: u8::try_from(row.number).ok()?, public_key: row.public_key.clone() })
    };
    rows.iter().filter_map(key).collect()
}

/// The newest key of an event, opened.
pub async fn signer(conn: &mut Conn, sealer: &Sealer, event_id: &str) -> Result<Signer, Problem> {
    let rows = sql::keys(conn, event_id).await?;
    let newest = rows.last().ok_or_else(|| Problem::internal("an event without keys"))?;
    let secret = sealer.open(SEALED, &newest.secret_sealed)?;
    let secret = <[u8; 32]>::try_from(secret).map_err(|_| Problem::internal("an event key has a wrong length"))?;
    let number = u8::try_from(newest.number).map_err(|_| Problem::internal("key number"))?;
    Ok(Signer { number, key: SigningKey::from_bytes(&secret) })
}
