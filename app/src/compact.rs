//! How data travels between server and browser: as postcard, whose readers take a third of the code that those of JSON take in
//! the browser's half (docs/performance.md). Whoever else calls a server function gets JSON.

use serde::{Serialize, de::DeserializeOwned};

/// The media type by which the browser asks for it.
pub const MEDIA_TYPE: &str = "application/vnd.kontor.compact";

/// Writes data. What cannot be written is empty, which nothing is read from.
pub fn to_bytes<T: Serialize>(data: &T) -> Vec<u8> {
    postcard::to_allocvec(data).unwrap_or_default()
}

/// Reads data; nothing where it is not what was written.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Bytes as text of a page: what is printable in ASCII stays, so that what the page shows as well costs little once it is
/// compressed; the others become letters behind it (U+0100 to U+01FF).
pub fn to_text(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        b'"' | b'\\' | b'<' | b'>' | b'&' => char::from_u32(0x100 + u32::from(*byte)),
        b' '..=b'~' => Some(char::from(*byte)),
        other => char::from_u32(0x100 + u32::from(*other)),
    };
    bytes.iter().filter_map(letter).collect()
}

/// The bytes of [`to_text`].
pub fn from_text(text: &str) -> Vec<u8> {
    // The last eight bits of either kind of letter.
    text.chars().map(|letter| (u32::from(letter) & 0xff) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_none_is_markup() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = to_text(&bytes);
        assert_eq!(from_text(&text), bytes);
        assert!(!text.contains(['<', '>', '&', '"', '\\']));
        assert!(text.contains("abcdefghijklmnopqrstuvwxyz"));
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let data = (vec![Some("Grüße".to_owned()), None], -7_i64);
        let bytes = to_bytes(&data);
        assert_eq!(from_bytes::<(Vec<Option<String>>, i64)>(&bytes), Some(data));
        assert_eq!(from_bytes::<(Vec<Option<String>>, i64)>(&bytes[..3]), None);
        assert_eq!(from_bytes::<String>(&[]), None);
    }
}
