//! Puts Trunk's output into the binary, compressed once (feature `embed`).

use sha2::{Digest as _, Sha256};
use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../public");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    let mut code = String::new();
    let bundle = if env::var_os("CARGO_FEATURE_EMBED").is_some() {
        println!("cargo:rerun-if-changed=../dist/pkg");
        let files = files(&root.join("dist/pkg"));
        assert!(
            files.iter().any(|f| f.ends_with("front_bg.wasm")),
            "dist/pkg holds no bundle: run `make bundle` first"
        );
        files
    } else {
        Vec::new()
    };
    code.push_str(&table("BUNDLE", &bundle, &out));
    code.push_str(&table("PUBLIC", &files(&root.join("public")), &out));
    fs::write(out.join("assets.rs"), code).expect("OUT_DIR is writable");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect())
        .unwrap_or_default();
    found.retain(|p| p.extension().is_some_and(|e| e != "html"));
    found.sort();
    found
}

fn table(name: &str, files: &[PathBuf], out: &Path) -> String {
    let rows: Vec<String> = files
        .iter()
        .map(|path| {
            let file = path.file_name().and_then(|n| n.to_str()).expect("a plain name");
            let bytes = fs::read(path).expect("a readable file");
            let bytes = if file.ends_with(".wasm") { lean(&bytes) } else { bytes };
            let put = |suffix: &str, content: &[u8]| {
                let target = out.join(format!("{name}-{file}{suffix}"));
                fs::write(&target, content).expect("OUT_DIR is writable");
                format!("include_bytes!({:?})", target.display().to_string())
            };
            let (plain, brotli, gzip) =
                (put("", &bytes), put(".br", &brotli(&bytes)), put(".gz", &gzip(&bytes)));
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
            format!(
                "Asset {{ name: {file:?}, digest: {digest:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }}"
            )
        })
        .collect();
    format!("static {name}: [Asset; {}] = [{}];\n", rows.len(), rows.join(", "))
}

/// A WebAssembly module without its custom sections (id 0: the names of functions, which tools were used): a third of
/// the file, and nothing a browser reads. Layout: https://webassembly.github.io/spec/core/binary/modules.html
fn lean(module: &[u8]) -> Vec<u8> {
    let (magic_and_version, mut rest) = module.split_at(8);
    let mut out = magic_and_version.to_vec();
    while let Some(id) = rest.first() {
        let (mut size, mut width) = (0usize, 1);
        // The size of the section: LEB128, seven bits a byte.
        loop {
            let byte = rest.get(width).expect("a section has a size");
            size |= usize::from(byte & 0x7f) << (7 * (width - 1));
            width += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (section, next) = rest.split_at(width + size);
        if *id != 0 {
            out.extend_from_slice(section);
        }
        rest = next;
    }
    out
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    // The profile `ci` is a release too, but is built for tests: its optimisation is 1.
    let quality = if env::var("OPT_LEVEL").as_deref() == Ok("3") { 11 } else { 4 };
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("compressing memory");
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("compressing memory");
    encoder.finish().expect("compressing memory")
}
