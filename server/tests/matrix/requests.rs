//! Requests as browsers send them.

use app::routes::Spec;
use axum::{
    body::Body,
    http::{Request, header},
};

/// An address about these ids.
pub fn path(spec: &Spec, ids: &[(String, String)]) -> String {
    let mut path = spec.path.to_owned();
    for (name, value) in ids {
        path = path.replace(&format!(":{name}"), value);
    }
    path.replace(":token", "nobody-has-this-token")
}

/// Fields as forms have them.
pub fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The body of a form.
pub fn form(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A call of a page of this site.
pub fn call(path: &str, accept: &str, body: String) -> Result<Request<Body>, axum::http::Error> {
    Request::post(path)
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
}

/// A form with a file, from a page of this site or of another.
pub fn multipart(
    path: &str,
    fields: &[(&str, &str)],
    file: &[u8],
    site: &str,
) -> Result<Request<Body>, axum::http::Error> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    let pieces: Vec<std::io::Result<Vec<u8>>> = body.chunks(65_536).map(|piece| Ok(piece.to_vec())).collect();
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header("sec-fetch-site", site)
        // In pieces, as a network brings it.
        .body(Body::from_stream(futures::stream::iter(pieces)))
}
