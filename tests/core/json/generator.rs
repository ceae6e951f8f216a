//! JSON texts and what is nearly JSON, the same in every run.

use std::{fs, path::Path};

use crate::chance::Chance;

/// What chooses texts.
pub struct Generator(Chance);

/// What a text is changed by.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\udc00",
    "\\u",
    "\\n",
    "\\/",
    "\\x",
    "null",
    "true",
    "false",
    "0",
    "-",
    "+",
    ".",
    "e",
    "E+",
    "01",
    "1e308",
    "1e309",
    "-1e400",
    "1e-400",
    "18446744073709551616",
    " ",
    "\n",
    "\t",
    "\u{b}",
    "\u{0}",
    "\u{e9}",
    "\u{1f600}",
    "\"a\":",
    "{\"a\":1,\"a\":2}",
];

impl Generator {
    pub const fn new(start: u64) -> Self {
        Self(Chance::new(start))
    }

    /// A number under `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    /// A text of good grammar, with few names, so that some are there twice.
    pub fn document(&mut self) -> String {
        let mut text = String::new();
        let depth = if self.chance(50) { 14 + self.below(5) } else { self.below(6) };
        self.value(depth, &mut text);
        text
    }

    fn value(&mut self, depth: usize, text: &mut String) {
        self.space(text);
        match self.below(if depth == 0 { 7 } else { 12 }) {
            0 => text.push_str(["null", "true", "false"][self.below(3)]),
            1..=3 => self.number(text),
            4..=6 => self.string(text),
            7..=8 => self.list(depth, text, '[', ']', &mut |_, _| {}),
            _ => self.list(depth, text, '{', '}', &mut |generator, text| {
                generator.space(text);
                generator.string(text);
                generator.space(text);
                text.push(':');
            }),
        }
        self.space(text);
    }

    fn list(
        &mut self,
        depth: usize,
        text: &mut String,
        open: char,
        close: char,
        name: &mut dyn FnMut(&mut Self, &mut String),
    ) {
        text.push(open);
        let count = if depth > 8 { 1 } else { self.below(5) };
        for index in 0..count {
            if index > 0 {
                text.push(',');
            }
            name(self, text);
            self.value(depth - 1, text);
        }
        text.push(close);
    }

    fn space(&mut self, text: &mut String) {
        if self.chance(6) {
            text.push_str([" ", "\n", "\r\n", "\t "][self.below(4)]);
        }
    }

    fn digits(&mut self, text: &mut String, longest: usize) {
        for _ in 0..=self.below(longest) {
            text.push(char::from(b'0' + u8::try_from(self.below(10)).unwrap()));
        }
    }

    fn number(&mut self, text: &mut String) {
        if self.chance(3) {
            text.push('-');
        }
        if self.chance(4) {
            text.push('0');
        } else {
            text.push(char::from(b'1' + u8::try_from(self.below(9)).unwrap()));
            let longest = if self.chance(5) { 330 } else { 20 };
            self.digits(text, longest);
        }
        if self.chance(3) {
            text.push('.');
            self.digits(text, 20);
        }
        if self.chance(4) {
            text.push_str(["e", "E", "e+", "e-", "E-"][self.below(5)]);
            self.digits(text, 3);
        }
    }

    fn string(&mut self, text: &mut String) {
        text.push('"');
        for _ in 0..self.below(4) {
            let piece = [
                "a",
                "b",
                "\u{e9}",
                "\u{20ac}",
                "\u{1f600}",
                "\\\"",
                "\\\\",
                "\\u0061",
                "\\u000a",
                "\\ud83d\\uDE00",
                "\\b",
                "longer than eight",
            ];
            text.push_str(piece[self.below(piece.len())]);
        }
        text.push('"');
    }

    /// One to three changes to a text, which may leave it no UTF-8.
    pub fn change(&mut self, text: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(text.len() + 1);
            let end = (at + 1 + self.below(8)).min(text.len());
            match self.below(6) {
                0 if at < text.len() => text[at] ^= 1 << self.below(8),
                1 => drop(text.drain(at..end)),
                2 => text.truncate(at),
                3 => {
                    let piece = text[at..end].to_vec();
                    let to = self.below(text.len() + 1);
                    text.splice(to..to, piece);
                }
                _ => {
                    let piece = PIECES[self.below(PIECES.len())];
                    text.splice(at..at, piece.bytes());
                }
            }
        }
    }
}

/// The lines of the fuzz targets' seeds that are JSON objects or meant to be.
pub fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus-seeds");
    let mut files: Vec<_> = fs::read_dir(root)
        .expect("seeds")
        .flat_map(|target| fs::read_dir(target.expect("a target").path()).expect("its seeds"))
        .map(|file| file.expect("a seed").path())
        .collect();
    files.sort();
    let contents = files.iter().map(|file| fs::read(file).expect("a seed"));
    let lines =
        contents.flat_map(|content| content.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>());
    lines.filter(|line| line.starts_with(b"{")).collect()
}
