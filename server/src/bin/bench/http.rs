//! HTTP/1.1 by hand over loopback: a load generator must cost less than what it measures.

use crate::Failure;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// `http://ip:port/path`, taken apart.
pub struct Address {
    /// `ip:port`
    pub host: String,
    /// The path with its query.
    pub path: String,
}

impl Address {
    /// Takes an address apart.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let rest = url.strip_prefix("http://").ok_or("the address begins with http://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self { host: host.into(), path: format!("/{path}") })
    }

    /// A `GET` of a path at this host.
    pub fn get(&self, path: &str, cookie: &str) -> Vec<u8> {
        let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
        format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\naccept-encoding: br\r\n{cookie}\r\n",
            self.host
        )
        .into_bytes()
    }

    /// A form sent to a path at this host.
    pub fn post(&self, path: &str, cookie: &str, body: &str) -> Vec<u8> {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\naccept: application/json\r\n\
             content-type: application/x-www-form-urlencoded\r\ncookie: {cookie}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len(),
            host = self.host
        )
        .into_bytes()
    }
}

/// A connection that is kept.
pub struct Connection(BufReader<TcpStream>);

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as it came over the wire.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(host: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(64 * 1024, stream)))
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        self.0.get_mut().write_all(request).await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no answer")?;
        let (mut length, mut chunked) = (0usize, false);
        loop {
            line.clear();
            self.0.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.trim().eq_ignore_ascii_case("chunked");
            }
        }
        let mut body = Vec::new();
        while chunked {
            line.clear();
            self.0.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim().split(';').next().unwrap_or(""), 16)?;
            let from = body.len();
            // The chunk, and the line end after it.
            body.resize(from + size + 2, 0);
            self.0.read_exact(&mut body[from..]).await?;
            body.truncate(from + size);
            chunked = size > 0;
        }
        if length > 0 {
            body.resize(length, 0);
            self.0.read_exact(&mut body).await?;
        }
        Ok(Answer { status, body })
    }
}

/// Bytes of a page and of the script, program, style and texts it loads, compressed with brotli.
pub async fn weigh(url: &str, cookie: &str) -> Result<Value, Failure> {
    let address = Address::new(url)?;
    let mut connection = Connection::open(&address.host).await?;
    let page = connection.send(&address.get(&address.path, cookie)).await?;
    if page.status != 200 {
        return Err(format!("{url} answers {}", page.status).into());
    }
    let plain = match String::from_utf8(page.body.clone()) {
        Ok(text) if text.contains("<html") => text,
        _ => {
            let mut out = Vec::new();
            brotli::BrotliDecompress(&mut page.body.as_slice(), &mut out)?;
            String::from_utf8(out)?
        }
    };
    let mut parts = vec![("html".to_owned(), page.body.len())];
    for path in assets(&plain) {
        let answer = connection.send(&address.get(&path, "")).await?;
        parts.push((path.rsplit('/').next().unwrap_or("").to_owned(), answer.body.len()));
    }
    let sum: usize = parts.iter().map(|(_, n)| n).sum();
    let parts: serde_json::Map<String, Value> = parts.into_iter().map(|(k, v)| (k, v.into())).collect();
    Ok(json!({ "kb": (sum as f64 / 1024.0 * 10.0).round() / 10.0, "parts": parts }))
}

/// What a page loads from the bundle, each once.
fn assets(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in html.split("/pkg/").skip(1) {
        let path = piece.split(['"', '\'', ')', '?', ' ']).next().unwrap_or("");
        let path = format!("/pkg/{path}");
        let is_file = [".js", ".wasm", ".css", ".txt"].iter().any(|end| path.ends_with(end));
        if is_file && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}
