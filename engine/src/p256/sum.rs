//! The sum u1 · G + u2 · Q, fast: both terms' digits from the greatest weight down, with one doubling for both.

#![allow(clippy::arithmetic_side_effects, reason = "positions are below 257 and digits within 32 of 0")]

use super::{
    digits::{self, COMB_BITS, COMB_DIGITS, NAF_DIGITS},
    multiples::{COMB_SPACING, Multiple, OddMultiples, Table},
    point::{Jacobian, Point},
    scalar::Scalar,
};

/// A point to be multiplied, with what is ready for it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Multiplicand<'a> {
    /// The point alone: for a key's first signatures.
    Point(&'a Point),
    /// The point with its table.
    Table(&'a Table),
}

impl Multiplicand<'_> {
    /// The point.
    pub(super) const fn point(&self) -> &Point {
        match self {
            Self::Point(point) => point,
            Self::Table(table) => table.point(),
        }
    }
}

/// A scalar's digits, and the multiples of a point that they call for.
#[allow(clippy::large_enum_variant, reason = "there are two at a time, on the stack")]
enum Term<'a> {
    /// For a point with a table.
    Comb { digits: [i8; COMB_DIGITS], table: &'a Table },
    /// For a point alone.
    NonAdjacent { digits: [i8; NAF_DIGITS], multiples: OddMultiples },
}

impl<'a> Term<'a> {
    /// The digits, and the multiples if there is no table.
    fn new(scalar: &Scalar, multiplicand: Multiplicand<'a>) -> Self {
        match multiplicand {
            Multiplicand::Point(point) => {
                Self::NonAdjacent { digits: digits::non_adjacent(scalar), multiples: OddMultiples::new(point) }
            }
            Multiplicand::Table(table) => Self::Comb { digits: digits::comb(scalar), table },
        }
    }

    /// How many positions there are: how many doublings come after the first addition, and one more.
    const fn positions(&self) -> usize {
        match self {
            Self::Comb { .. } => (COMB_SPACING - 1) * COMB_BITS + 1,
            Self::NonAdjacent { .. } => NAF_DIGITS,
        }
    }

    /// Adds all multiples that are still to be doubled `position` times.
    fn add_at(&self, position: usize, sum: &mut Sum) {
        match self {
            Self::Comb { digits, table } => {
                if position.is_multiple_of(COMB_BITS) && position < COMB_SPACING * COMB_BITS {
                    let offset = position / COMB_BITS;
                    for (digit, tooth) in digits.iter().skip(offset).step_by(COMB_SPACING).zip(table.teeth()) {
                        let size = usize::from(digit.unsigned_abs());
                        sum.add(size.checked_sub(1).and_then(|index| tooth.get(index)), *digit < 0);
                    }
                }
            }
            Self::NonAdjacent { digits, multiples } => {
                let digit = digits.get(position).copied().unwrap_or(0);
                if digit != 0 {
                    sum.add(multiples.all().get(usize::from(digit.unsigned_abs()) / 2), digit < 0);
                }
            }
        }
    }
}

/// A sum under way: nothing yet, or a point.
struct Sum(Option<Jacobian>);

impl Sum {
    /// Twice as much.
    fn double(&mut self) {
        self.0 = self.0.as_ref().map(Jacobian::doubled);
    }

    /// Adds a multiple or its opposite; a digit 0 has none.
    fn add(&mut self, multiple: Option<&Multiple>, opposite: bool) {
        let Some(multiple) = multiple else {
            return;
        };
        let (x, y) = multiple.coordinates(opposite);
        self.0 = Some(match &self.0 {
            None => Jacobian::from_affine(x, y.carried()),
            Some(sum) => sum.plus_affine(&x, &y),
        });
    }
}

/// The sum of the two products, where no two points that met on the way were equal or opposite. `None` says that some were, or that
/// both scalars are 0; then the sum is unknown.
pub(super) fn sum_of_multiples(terms: [(&Scalar, Multiplicand<'_>); 2]) -> Option<Jacobian> {
    let terms = terms.map(|(scalar, multiplicand)| Term::new(scalar, multiplicand));
    let positions = terms.iter().map(Term::positions).max().unwrap_or(0);
    let mut sum = Sum(None);
    for position in (0..positions).rev() {
        sum.double();
        for term in &terms {
            term.add_at(position, &mut sum);
        }
    }
    // Once z is 0 it stays 0.
    sum.0.filter(|sum| !sum.z.is_zero())
}
