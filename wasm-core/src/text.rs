//! Text that people typed or a scanner sent.

/// Removes what scanners and copy-and-paste add to a code: white space, line ends, control characters and a byte
/// order mark.
pub fn strip_scanner_noise(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c)).collect()
}

/// Trims `raw` and accepts it when it then has 1 to `max` characters, none of them a control character.
pub fn label(raw: &str, max: usize) -> Option<String> {
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let fits = !trimmed.is_empty() && trimmed.chars().count() <= max && !trimmed.chars().any(char::is_control);
    fits.then(|| trimmed.to_owned())
}

/// Trims `raw` and accepts it when it then has 1 to `max` characters, none of them a control character other than a
/// line end or a tab. Line ends become `\n`.
pub fn passage(raw: &str, max: usize) -> Option<String> {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).replace("\r\n", "\n");
    let allowed = |c: char| matches!(c, '\n' | '\t') || !c.is_control();
    (!text.is_empty() && text.chars().count() <= max && text.chars().all(allowed)).then_some(text)
}

/// The form in which two names are compared: without white space and the middle dots that people write in
/// different ways, in lower case, full-width letters made narrow.
pub fn folded_name(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !matches!(c, '·' | '•' | '・' | '‧'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanner_noise_goes_and_the_code_stays() {
        assert_eq!(strip_scanner_noise("\u{feff} AB C\tD\r\n\0"), "ABCD");
    }

    #[test]
    fn labels_are_counted_in_characters() {
        assert_eq!(label("  王小明 ", 3).as_deref(), Some("王小明"));
        assert_eq!(label("王小明", 2), None);
        assert_eq!(label(" \u{3000}", 5), None);
        assert_eq!(label("a\u{7}b", 5), None);
    }

    #[test]
    fn passages_keep_their_lines() {
        assert_eq!(passage(" 不制冷\r\n有异响 ", 10).as_deref(), Some("不制冷\n有异响"));
        assert_eq!(passage("a\u{0}b", 10), None);
        assert_eq!(passage("太长了", 2), None);
        assert_eq!(passage("\n \n", 2), None);
    }

    #[test]
    fn names_meet_however_they_are_written() {
        assert_eq!(folded_name("阿依古丽·买买提"), folded_name("阿依古丽 买买提"));
        assert_eq!(folded_name("Ｌｉ Lei"), folded_name("lilei"));
        assert_ne!(folded_name("王小明"), folded_name("王晓明"));
    }
}
