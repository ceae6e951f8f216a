//! The seeds and dictionaries, which libFuzzer starts from as well.

use std::{fs, path::Path};

/// One seed.
pub struct Seed {
    pub name: String,
    pub content: Vec<u8>,
    /// Whether it is accepted, where its name says so.
    pub expected: Option<bool>,
}

/// Everything a target starts from.
pub struct Seeds {
    pub files: Vec<Seed>,
    pub words: Vec<Vec<u8>>,
}

impl Seeds {
    /// Reads a target's. In the order of their names, so that every run is the same.
    pub fn read(target: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let directory = fs::read_dir(root.join("corpus-seeds").join(target)).expect("seeds");
        let mut files: Vec<Seed> = directory
            .map(|entry| {
                let path = entry.expect("a seed").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                let expected = match name.split('-').next() {
                    Some("accepted") => Some(true),
                    Some("refused") => Some(false),
                    _ => None,
                };
                Seed { name, content: fs::read(path).expect("a seed"), expected }
            })
            .collect();
        files.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(files.iter().any(|seed| seed.expected == Some(true)), "{target}: a seed that is accepted");
        assert!(files.iter().any(|seed| seed.expected == Some(false)), "{target}: a seed that is refused");
        let dictionary = fs::read_to_string(root.join("dictionaries").join(format!("{target}.dict")));
        let words: Vec<_> = dictionary.expect("a dictionary").lines().filter_map(word).collect();
        assert!(!words.is_empty(), "{target}: words");
        Self { files, words }
    }
}

/// A line of a dictionary: `"word"`, with `\\`, `\"` and `\xNN` (LLVM, libFuzzer, "Dictionaries"). Others are comments.
fn word(line: &str) -> Option<Vec<u8>> {
    let quoted = line.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::new();
    let mut rest = quoted;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        rest = if let Some(hex) = after.strip_prefix('x') {
            let (digits, after) = hex.split_at(2);
            bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
            after
        } else {
            let (escaped, after) = after.split_at(1);
            bytes.extend(escaped.bytes());
            after
        };
    }
    bytes.extend(rest.bytes());
    Some(bytes)
}
