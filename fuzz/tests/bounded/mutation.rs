//! Mutations of the seeds, the same in every run.

use crate::{chance::Chance, json, seeds::Seeds};

/// Where every run starts.
const START: u64 = 0x6564_6765_7761_7264;

/// The longest input. Bounds of the core are reached by seeds and tests; here short inputs find more in the same time.
const MAX_BYTES: usize = 8 * 1024;

/// Makes one input after the other.
pub struct Mutator<'a> {
    seeds: &'a Seeds,
    chance: Chance,
}

impl<'a> Mutator<'a> {
    pub fn new(seeds: &'a Seeds) -> Self {
        Self { seeds, chance: Chance::new(START) }
    }

    /// A seed with one to four changes. Every second time they keep its JSON well-formed, or little would get past the parser.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        if self.chance.below(2) == 0
            && let Some(changed) = json::change(&input, &self.seeds.words, &mut self.chance)
        {
            return changed;
        }
        for _ in 0..=self.chance.below(4) {
            self.change(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.chance.below(256)).expect("less than 256")
    }

    fn seed(&mut self) -> Vec<u8> {
        let at = self.chance.below(self.seeds.files.len());
        self.seeds.files[at].content.clone()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.chance.below(input.len());
        let end = (at + 1 + self.chance.below(16)).min(input.len());
        match self.chance.below(10) {
            0 if !input.is_empty() => input[at] ^= 1 << self.chance.below(8),
            1 if !input.is_empty() => input[at] = self.byte(),
            2 => input.insert(at, self.byte()),
            3 => drop(input.drain(at..end)),
            4 => {
                let piece: Vec<u8> = input[at..end].to_vec();
                let to = self.chance.below(input.len());
                input.splice(to..to, piece);
            }
            5 => input.truncate(at),
            6 => {
                let other = self.seed();
                let from = self.chance.below(other.len());
                let to = (from + 1 + self.chance.below(64)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            // A digit for a digit: dates, ports and sizes move by a little.
            7 => {
                if let Some(digit) = input[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = b'0' + self.byte() % 10;
                }
            }
            choice => {
                let word = &self.seeds.words[self.chance.below(self.seeds.words.len())];
                let end = if choice == 8 { at } else { (at + word.len()).min(input.len()) };
                input.splice(at..end, word.iter().copied());
            }
        }
    }
}
