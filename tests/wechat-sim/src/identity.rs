//! Who somebody is: the same openid and unionid in every run, computed from the name.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A member of a population is called so, followed by the number.
const MEMBER: &str = "population-";

const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Enough in base 36 for every `u32`.
const DIGITS: usize = 7;

/// The openid of a user in an app.
pub(crate) fn openid(appid: &str, user: &str) -> String {
    match member_number(user) {
        Some(number) => Population::of(appid).openid(number),
        None => identifier("openid", appid, user),
    }
}

/// The unionid of a user in all apps of an open platform account.
pub(crate) fn unionid(platform: &str, user: &str) -> String {
    identifier("unionid", platform, user)
}

/// 28 characters beginning with `o`, as both kinds of WeChat identifier are.
fn identifier(kind: &str, owner: &str, user: &str) -> String {
    // An appid or a platform's name holds no line break, so no two triples give the same text.
    let hash = digest::digest(&digest::SHA256, format!("{kind}\n{owner}\n{user}").as_bytes());
    std::iter::once('o').chain(URL_SAFE_NO_PAD.encode(hash).chars().take(27)).collect()
}

/// The name of a member of a population.
pub(crate) fn member(number: u32) -> String {
    format!("{MEMBER}{number}")
}

/// The number behind such a name; `None` is somebody else.
pub(crate) fn member_number(user: &str) -> Option<u32> {
    let number = user.strip_prefix(MEMBER)?.parse().ok()?;
    (member(number) == user).then_some(number)
}

/// The openids of one app's population. Each holds its number and a check of it, so neither way needs a table.
pub(crate) struct Population {
    seed: u64,
}

impl Population {
    pub(crate) fn of(appid: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, format!("population\n{appid}").as_bytes());
        Self { seed: hash.as_ref().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte)) }
    }

    pub(crate) fn openid(&self, number: u32) -> String {
        let mut openid = String::with_capacity(28);
        openid.push('o');
        let mut rest = number;
        let mut digits = [0; DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = rest % 36;
            rest /= 36;
        }
        for digit in digits {
            openid.extend(BASE36.get(digit as usize).copied().map(char::from));
        }
        let first = mix(self.seed ^ u64::from(number));
        for word in [first, mix(first)] {
            openid.extend(
                (0..10).filter_map(|place| BASE36.get((word >> (place * 6)) as usize % 36).copied().map(char::from)),
            );
        }
        openid
    }

    /// The number in an openid; `None` if it is not one of this population's.
    pub(crate) fn number(&self, openid: &str) -> Option<u32> {
        let digits = openid.get(1..=DIGITS)?;
        let number = u32::from_str_radix(digits, 36).ok()?;
        (self.openid(number) == openid).then_some(number)
    }
}

/// SplitMix64: one multiplication after the other spreads every bit.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_openid_of_a_population_leads_back_to_its_number() {
        let (here, there) = (Population::of("wx1"), Population::of("wx2"));
        let numbers = || (0..2000).chain([1_000_000, u32::MAX - 1, u32::MAX]);
        for number in numbers() {
            let openid = here.openid(number);
            assert!(openid.len() == 28 && openid.starts_with('o'), "{openid}");
            assert_eq!((here.number(&openid), there.number(&openid)), (Some(number), None));
        }
        assert_eq!(numbers().map(|number| here.openid(number)).collect::<HashSet<_>>().len(), 2003);
    }

    #[test]
    fn nothing_else_has_a_number() {
        let population = Population::of("wx1");
        let good = population.openid(35);
        for bad in
            [String::new(), "o".to_owned(), good.to_uppercase(), good.replace("00000z", "+0000z"), "哦".repeat(9)]
        {
            assert_eq!(population.number(&bad), None, "{bad}");
        }
        assert_eq!(population.number(&identifier("openid", "wx1", "alice")), None);
        assert_eq!(member_number("population-7"), Some(7));
        for name in ["population-07", "population-+7", "population-", "population-4294967296", "alice"] {
            assert_eq!(member_number(name), None, "{name}");
        }
        assert_eq!(openid("wx1", "population-35"), good);
    }
}
