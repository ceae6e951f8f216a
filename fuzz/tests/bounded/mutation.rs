//! Mutations of the seeds, the same in every run.

use crate::{json, seeds::Seeds};

/// Where every run starts.
const START: u64 = 0x6564_6765_7761_7264;

/// The longest input. Bounds of the core are reached by seeds and tests; here short inputs find more in the same time.
const MAX_BYTES: usize = 8 * 1024;

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014): small, and good enough to choose mutations.
pub struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number under `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a length fits").max(1);
        usize::try_from(self.next() % bound).expect("less than a length")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// Makes one input after the other.
pub struct Mutator<'a> {
    seeds: &'a Seeds,
    generator: Generator,
}

impl<'a> Mutator<'a> {
    pub fn new(seeds: &'a Seeds) -> Self {
        Self { seeds, generator: Generator(START) }
    }

    /// A seed with one to four changes. Every second time they keep its JSON well-formed, or little would get past the parser.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        if self.generator.below(2) == 0
            && let Some(changed) = json::change(&input, &self.seeds.words, &mut self.generator)
        {
            return changed;
        }
        for _ in 0..=self.generator.below(4) {
            self.change(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn seed(&mut self) -> Vec<u8> {
        let at = self.generator.below(self.seeds.files.len());
        self.seeds.files[at].content.clone()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.generator.below(input.len());
        let end = (at + 1 + self.generator.below(16)).min(input.len());
        match self.generator.below(10) {
            0 if !input.is_empty() => input[at] ^= 1 << self.generator.below(8),
            1 if !input.is_empty() => input[at] = self.generator.byte(),
            2 => input.insert(at, self.generator.byte()),
            3 => drop(input.drain(at..end)),
            4 => {
                let piece: Vec<u8> = input[at..end].to_vec();
                let to = self.generator.below(input.len());
                input.splice(to..to, piece);
            }
            5 => input.truncate(at),
            6 => {
                let other = self.seed();
                let from = self.generator.below(other.len());
                let to = (from + 1 + self.generator.below(64)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            // A digit for a digit: dates, ports and sizes move by a little.
            7 => {
                if let Some(digit) = input[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = b'0' + self.generator.byte() % 10;
                }
            }
            choice => {
                let word = &self.seeds.words[self.generator.below(self.seeds.words.len())];
                let end = if choice == 8 { at } else { (at + word.len()).min(input.len()) };
                input.splice(at..end, word.iter().copied());
            }
        }
    }
}
