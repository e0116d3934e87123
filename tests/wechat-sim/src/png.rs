//! A PNG by hand: a small picture that stands for a mini program code.

use aws_lc_rs::digest;

/// A row of 16 points of one bit, after the byte that names its filter.
const ROW: usize = 3;

/// A picture of 16 by 16 points that shows the hash of `identity`, with `scene` as a text chunk of that name.
pub(crate) fn picture(scene: &str, identity: &str) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    // Width and height, one bit of grey, then the only methods there are, and no interlacing.
    chunk(&mut png, b"IHDR", &[0, 0, 0, 16, 0, 0, 0, 16, 1, 0, 0, 0, 0]);
    chunk(&mut png, b"tEXt", &[b"scene\0", scene.as_bytes()].concat());
    let hash = digest::digest(&digest::SHA256, identity.as_bytes());
    let mut rows = Vec::with_capacity(16 * ROW);
    for points in hash.as_ref().chunks(2) {
        rows.push(0);
        rows.extend_from_slice(points);
    }
    chunk(&mut png, b"IDAT", &zlib(&rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    png.extend_from_slice(&length.to_be_bytes());
    let named = [kind, data].concat();
    png.extend_from_slice(&named);
    png.extend_from_slice(&crc32(&named).to_be_bytes());
}

/// One stored block, which is enough for less than 64 KiB.
fn zlib(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend_from_slice(&length.to_le_bytes());
    zlib.extend_from_slice(&(!length).to_le_bytes());
    zlib.extend_from_slice(data);
    zlib.extend_from_slice(&adler32(data).to_be_bytes());
    zlib
}

fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65521;
        (low, (high + low) % 65521)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn chunks_follow_each_other_to_the_end() {
        let png = picture("a=1", "a=1");
        let mut rest = &png[8..];
        let mut kinds = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (chunk, sum) = rest[4..].split_at(length + 4);
            assert_eq!(sum[..4], crc32(chunk).to_be_bytes());
            kinds.push(String::from_utf8(chunk[..4].to_vec()).unwrap());
            rest = &sum[4..];
        }
        assert_eq!(kinds, ["IHDR", "tEXt", "IDAT", "IEND"]);
        assert_ne!(png, picture("a=1", "a=2"));
    }
}
