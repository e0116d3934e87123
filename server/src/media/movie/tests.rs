use super::*;
use crate::media::movie::boxes::first;
use std::future::ready;
use std::time::Instant;

fn boxed(kind: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], kind, &content].concat()
}

fn mvhd(timescale: u32, duration: u32) -> Vec<u8> {
    let mut body = vec![0; 100];
    body[4..12].copy_from_slice(b"MADE1997");
    body[12..16].copy_from_slice(&timescale.to_be_bytes());
    body[16..20].copy_from_slice(&duration.to_be_bytes());
    boxed(b"mvhd", &[&body])
}

fn tkhd(turned: bool) -> Vec<u8> {
    let mut body = vec![0; 84];
    body[4..12].copy_from_slice(b"MADE1998");
    let (a, b) = if turned { (0_u32, 0x10000_u32) } else { (0x10000, 0) };
    body[40..44].copy_from_slice(&a.to_be_bytes());
    body[44..48].copy_from_slice(&b.to_be_bytes());
    body[76..78].copy_from_slice(&1920_u16.to_be_bytes());
    body[80..82].copy_from_slice(&1080_u16.to_be_bytes());
    boxed(b"tkhd", &[&body])
}

/// A handler with the manufacturer and the name that a camera writes.
fn hdlr(class: &[u8; 4], kind: &[u8; 4]) -> Vec<u8> {
    boxed(b"hdlr", &[&[0; 4], class, kind, b"MAKR", &[0; 8], b"\x0dMAKER AVC one\0"])
}

/// How samples are encoded: version and flags, and one description.
fn stsd(kind: &[u8; 4]) -> Vec<u8> {
    let mut description = vec![0; if kind == b"soun" { 28 } else { 78 }];
    description[12..16].copy_from_slice(b"MAKR");
    if kind == b"soun" {
        description[16..20].copy_from_slice(b"TONE");
        return boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], &boxed(b"mp4a", &[&description])]);
    }
    description[38..42].copy_from_slice(b"SIZE");
    description[42..74].copy_from_slice(b"\x1fMAKER AVC encoder, version one ");
    description[74..78].copy_from_slice(b"DEEP");
    // What a decoder needs, what not, and a few bytes that are no box.
    let boxes = [boxed(b"avcC", &[b"NEEDED"]), boxed(b"udta", &[b"MAKER"]), vec![0; 3]].concat();
    boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], &boxed(b"avc1", &[&description, &boxes])])
}

/// Where the samples are: in this file, which once had a path.
fn dinf() -> Vec<u8> {
    let reference = boxed(b"alis", &[&[0, 0, 0, 1], b"MAKER:DCIM:MAKR0001.MOV"]);
    boxed(b"dinf", &[&boxed(b"dref", &[&[0, 0, 0, 0, 0, 0, 0, 1], &reference])])
}

/// A header of media in the long form.
fn mdhd() -> Vec<u8> {
    boxed(b"mdhd", &[&[1, 0, 0, 0], b"MADE1999MADE2000", &600_u32.to_be_bytes(), &[0; 12]])
}

/// A track whose single chunk of `size` bytes is at `offset`.
fn track(kind: &[u8; 4], turned: bool, offset: u32, size: u32) -> Vec<u8> {
    let one = 1_u32.to_be_bytes();
    let stsz = boxed(b"stsz", &[&[0; 8], &one, &size.to_be_bytes()]);
    let stsc = boxed(b"stsc", &[&[0; 4], &one, &one, &one, &one]);
    track_of(kind, turned, &[stsc, stsz, stco(&[offset])])
}

fn stco(offsets: &[u32]) -> Vec<u8> {
    let count = u32::try_from(offsets.len()).unwrap();
    let offsets: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_be_bytes()).collect();
    boxed(b"stco", &[&[0; 4], &count.to_be_bytes(), &offsets])
}

fn track_of(kind: &[u8; 4], turned: bool, tables: &[Vec<u8>]) -> Vec<u8> {
    let stbl = boxed(b"stbl", &[&stsd(kind), &tables.concat()]);
    let vmhd = boxed(b"vmhd", &[b"\0\0\0\x01GRAPHICS"]);
    let maker = boxed(b"mdta", &[b"MAKER"]);
    let minf = boxed(b"minf", &[&vmhd, &hdlr(b"dhlr", b"alis"), &dinf(), &maker, &stbl]);
    let mdia = boxed(b"mdia", &[&mdhd(), &hdlr(b"mhlr", kind), &minf]);
    boxed(b"trak", &[&tkhd(turned), &mdia, &boxed(b"udta", &[b"TRACKSECRET"])])
}

/// A file whose `mdat` comes first: 8 bytes of picture, then 6 of something else.
fn file(brand: &[u8; 4], seconds: u32, turned: bool, more: &[&[u8]]) -> Vec<u8> {
    let ftyp = boxed(b"ftyp", &[brand, &[0; 4], brand]);
    let mdat_at = u32::try_from(ftyp.len()).unwrap() + 8;
    let mdat = boxed(b"mdat", &[b"PICTURES", b"GPSGPS"]);
    let secret = boxed(b"udta", &[&boxed(b"\xa9xyz", &[b"+31.2304+121.4737/"])]);
    let loci = boxed(b"udta", &[&boxed(b"loci", &[b"SECRETPLACE"])]);
    let meta = boxed(b"meta", &[b"com.apple.quicktime.location.ISO6709"]);
    let sound = track(b"soun", false, mdat_at, 0);
    let tracks = [track(b"vide", turned, mdat_at, 8), sound, track(b"meta", false, mdat_at + 8, 6)].concat();
    let mut moov = [&mvhd(600, seconds * 600)[..], &tracks, &secret, &loci, &meta].concat();
    moov.extend(more.concat());
    [ftyp, mdat, boxed(b"moov", &[&moov]), boxed(b"uuid", &[b"XMP SECRET"])].concat()
}

async fn read(bytes: &[u8]) -> Result<Movie, Problem> {
    let range = |range: Range<u64>| {
        let part = bytes.get(range.start as usize..range.end as usize).unwrap();
        ready(Ok(Bytes::copy_from_slice(part)))
    };
    inspect(bytes.len() as u64, range).await
}

#[tokio::test]
async fn what_was_filmed_stays_and_what_says_where_goes_whatever_the_pieces() {
    let original = file(b"isom", 12, true, &[]);
    let movie = read(&original).await.unwrap();
    assert_eq!((movie.content_type, movie.duration_ms), ("video/mp4", 12_000));
    assert_eq!((movie.width, movie.height), (1080, 1920), "as it is shown");
    for size in [1, 3, 7, 64, 10_000] {
        let mut cleaned = Vec::new();
        for (index, piece) in original.chunks(size).enumerate() {
            let mut piece = piece.to_vec();
            movie.clean((index * size) as u64, &mut piece);
            cleaned.extend(piece);
        }
        assert_eq!(cleaned.len(), original.len());
        let secrets = [&b"31.2304"[..], b"SECRET", b"ISO6709", b"GPS", b"xyz", b"loci", b"MADE", b"1997", b"2000"];
        for secret in secrets.into_iter().chain([&b"MAK"[..], b"AVC ", b"DCIM"]) {
            assert!(!cleaned.windows(secret.len()).any(|window| window == secret), "{secret:?} in pieces of {size}");
        }
        let unnamed = [b"SIZE", &[0; 32][..], b"DEEP"].concat();
        for needed in [&b"PICTURES"[..], b"GRAPHICS", b"mhlrvide", b"mhlrsoun", b"NEEDED", b"TONE", &unnamed] {
            assert!(cleaned.windows(needed.len()).any(|window| window == needed), "{needed:?} in pieces of {size}");
        }
        let again = read(&cleaned).await.unwrap();
        assert_eq!((again.duration_ms, again.width, again.height), (12_000, 1080, 1920));
    }
}

#[tokio::test]
async fn a_table_that_lies_about_its_samples_costs_no_time() {
    // Every chunk is said to be larger than anything, and a million of them to begin where the file does.
    let (one, most) = (1_u32.to_be_bytes(), u32::MAX.to_be_bytes());
    let stsz = boxed(b"stsz", &[&[0; 4], &most, &most]);
    let stsc = boxed(b"stsc", &[&[0; 4], &one, &one, &most, &one]);
    let lie = track_of(b"meta", false, &[stsc.clone(), stsz.clone(), stco(&vec![0; 1_000_000])]);
    let lies = file(b"isom", 5, false, &[&lie]);
    let begun = Instant::now();
    let movie = read(&lies).await.unwrap();
    let mut at = 0;
    for piece in lies.clone().chunks_mut(8192) {
        movie.clean(at, piece);
        at += piece.len() as u64;
        assert!(piece.iter().filter(|byte| **byte != 0).count() < 100);
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());

    let apart: Vec<u32> = (0..20_000).map(|number| number * 4).collect();
    let tiny = boxed(b"stsz", &[&[0; 4], &one, &one]);
    let stsc = boxed(b"stsc", &[&[0; 4], &one, &one, &one, &one]);
    let scattered = track_of(b"meta", false, &[stsc, tiny, stco(&apart)]);
    let boxes = boxed(b"free", &[]).repeat(1_000_000);
    for too_much in [scattered, boxes] {
        let refused = read(&file(b"isom", 5, false, &[&too_much])).await.unwrap_err();
        assert_eq!(refused.code(), ProblemCode::MediaBroken);
    }
}

#[tokio::test]
async fn quicktime_is_told_by_its_brand() {
    let movie = read(&file(b"qt  ", 1, false, &[&[0; 4]])).await.unwrap();
    assert_eq!((movie.content_type, movie.width, movie.height), ("video/quicktime", 1920, 1080));
}

#[tokio::test]
async fn what_is_too_long_cut_off_or_something_else_is_refused() {
    let code = |outcome: Result<Movie, Problem>| outcome.unwrap_err().code();
    assert_eq!(code(read(&file(b"isom", 75, false, &[])).await), ProblemCode::BodyTooLarge);
    assert_eq!(code(read(&file(b"isom", 0, false, &[])).await), ProblemCode::MediaBroken);
    assert_eq!(code(read(&file(b"isom", 5, false, &[&boxed(b"mvex", &[])])).await), ProblemCode::MediaTypeRefused);
    assert_eq!(code(read(&boxed(b"ftyp", &[b"isom"])).await), ProblemCode::MediaBroken);
    assert_eq!(code(read(&boxed(b"mdat", &[b"isom"])).await), ProblemCode::MediaTypeRefused);
    assert_eq!(code(read(&boxed(b"free", &[b""]).repeat(500)).await), ProblemCode::MediaTypeRefused);
    let whole = file(b"isom", 5, false, &[]);
    // Without its last box, which says only secrets, it is whole as well.
    let without_last = whole.len() - boxed(b"uuid", &[b"XMP SECRET"]).len();
    for length in (0..whole.len()).filter(|length| *length != without_last) {
        assert!(read(&whole[..length]).await.is_err(), "cut off after {length}");
    }
    for position in 0..whole.len() {
        let mut changed = whole.clone();
        changed[position] ^= 0xff;
        // Whatever it finds: no panic, and nothing without an end.
        let _ = read(&changed).await;
    }
    let endless = [0, 0, 0, 1, b'm', b'd', b'a', b't', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(first(&endless, 8, 100), None);
}
