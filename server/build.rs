//! Puts Trunk's output into the binary, compressed once (feature `embed`).

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
            files.iter().any(|f| f.ends_with("frontend_bg.wasm")),
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
            let put = |suffix: &str, content: &[u8]| {
                let target = out.join(format!("{name}-{file}{suffix}"));
                fs::write(&target, content).expect("OUT_DIR is writable");
                format!("include_bytes!({:?})", target.display().to_string())
            };
            let (plain, brotli, gzip) =
                (put("", &bytes), put(".br", &brotli(&bytes)), put(".gz", &gzip(&bytes)));
            format!("Asset {{ name: {file:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }}")
        })
        .collect();
    format!("static {name}: [Asset; {}] = [{}];\n", rows.len(), rows.join(", "))
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
