//! What an uploaded invoice may be: told by its first bytes, never by its name.

use crate::Refusal;

/// The greatest file: 10 MB.
pub const MAX_BYTES: usize = 10_000_000;

/// The media type of a file, by its content. `UploadTooLarge` beyond [`MAX_BYTES`]; `UploadType` for anything but PDF,
/// PNG and JPEG, an empty file included.
pub fn media_type(content: &[u8]) -> Result<&'static str, Refusal> {
    if content.len() > MAX_BYTES {
        return Err(Refusal::UploadTooLarge);
    }
    const KINDS: [(&[u8], &str); 3] =
        [(b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg")];
    let kind = KINDS.into_iter().find(|(magic, _)| content.starts_with(magic));
    kind.map(|(_, media_type)| media_type).ok_or(Refusal::UploadType)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(media_type(b"%PDF-1.7\n..."), Ok("application/pdf"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), Ok("image/png"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0..JFIF"), Ok("image/jpeg"));
        for other in [b"".as_slice(), b"<html>%PDF-1.7", b"\x89PNG", b"PK\x03\x04", b"GIF89a", b"\xff\xd8"] {
            assert_eq!(media_type(other), Err(Refusal::UploadType));
        }
    }

    #[test]
    fn ten_megabytes_are_taken_and_a_byte_more_is_not() {
        let mut file = b"%PDF-".to_vec();
        file.resize(MAX_BYTES, b' ');
        assert_eq!(media_type(&file), Ok("application/pdf"));
        file.push(b' ');
        assert_eq!(media_type(&file), Err(Refusal::UploadTooLarge));
    }
}
