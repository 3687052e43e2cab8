//! The browser's half, inside the binary (design.md section 5): served below `/pkg/{hash}/`, immutable, compressed at
//! build time. The hash covers the bundle and the texts, so that a page and its parts always belong together.

use app::{i18n, pages::Bundle};
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kontor::kernel::locale::Locale;
use sha2::{Digest, Sha256};
use std::{
    io::Write as _,
    sync::{LazyLock, OnceLock},
};

struct Asset {
    name: &'static str,
    /// SHA-256 of `plain`, from the build: taking it here would read the whole bundle into memory at start.
    digest: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A text table: some ten kilobytes each.
struct Texts {
    name: String,
    plain: Vec<u8>,
    /// Made when it is first asked for: no start waits for it.
    brotli: OnceLock<Vec<u8>>,
}

/// The window of their compression, as a power of two: no table is longer.
const WINDOW: u32 = 18;

static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    let tables =
        Bundle::ALL.iter().flat_map(|bundle| Locale::ALL.iter().map(move |locale| (*bundle, *locale)));
    tables
        .map(|(bundle, locale)| {
            let plain = i18n::packed(locale, bundle).into_bytes();
            let name = format!("texts-{}-{}.txt", bundle.key(), locale.key());
            Texts { name, plain, brotli: OnceLock::new() }
        })
        .collect()
});

fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 9, WINDOW);
    // Writing into memory does not fail.
    let _ = encoder.write_all(plain);
    encoder.into_inner()
}

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for asset in &BUNDLE {
        hasher.update(asset.name);
        hasher.update(asset.digest);
    }
    for texts in TEXTS.iter() {
        hasher.update(&texts.plain);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize()[..8])
});

/// The build: 16 hexadecimal digits.
pub fn hash() -> &'static str {
    &HASH
}

/// `GET /pkg/{hash}/{file}`. Files of another build are not found: the page that asks for them is reloaded.
pub async fn serve(Path((hash, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if hash != *HASH {
        return StatusCode::NOT_FOUND.into_response();
    }
    let forever = "public, max-age=31536000, immutable";
    if let Some(asset) = BUNDLE.iter().find(|a| a.name == file) {
        return answer(asset.name, asset.plain, asset.brotli, asset.gzip, &headers, forever);
    }
    match TEXTS.iter().find(|t| t.name == file) {
        Some(texts) => {
            let brotli = texts.brotli.get_or_init(|| compressed(&texts.plain));
            answer(&texts.name, &texts.plain, brotli, &texts.plain, &headers, forever)
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Icons and the like: `GET /{file}` for what lies in `public/`.
pub fn public(file: &str, headers: &HeaderMap) -> Option<Response> {
    let asset = PUBLIC.iter().find(|a| a.name == file)?;
    Some(answer(asset.name, asset.plain, asset.brotli, asset.gzip, headers, "public, max-age=86400"))
}

fn answer(
    name: &str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
    headers: &HeaderMap,
    cache: &'static str,
) -> Response {
    let accepts = |coding: &str| {
        let value = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
        value.split(',').any(|item| item.split(';').next().is_some_and(|c| c.trim() == coding))
    };
    let (body, coding) = match () {
        () if accepts("br") => (brotli, Some("br")),
        () if accepts("gzip") && gzip.len() < plain.len() => (gzip, Some("gzip")),
        () => (plain, None),
    };
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    };
    let mut response = Bytes::from_static(body).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}
