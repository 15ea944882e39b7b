//! How many calls may be under way at a time: fewer where Salesforce groans, more where it does not.

/// How many calls may be under way at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    most: usize,
    clean: u32,
}

impl Flight {
    /// Where it begins.
    pub const START: usize = 3;
    /// It never falls below this.
    pub const LEAST: usize = 1;
    /// It never rises above this.
    pub const MOST: usize = 4;
    /// So many clean answers in a row let it rise by one.
    pub const CLEAN: u32 = 6;

    /// How many calls may be under way now.
    pub fn most(&self) -> usize {
        self.most
    }

    /// A call was answered as it should be.
    pub fn clean(&mut self) {
        self.clean += 1;
        if self.clean >= Self::CLEAN {
            self.clean = 0;
            self.most = (self.most + 1).min(Self::MOST);
        }
    }

    /// Salesforce was busy, had too many calls at a time, or rows were locked.
    pub fn trouble(&mut self) {
        self.clean = 0;
        self.most = (self.most / 2).max(Self::LEAST);
    }
}

impl Default for Flight {
    fn default() -> Self {
        Self {
            most: Self::START,
            clean: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(answers: &[bool]) -> Flight {
        let mut flight = Flight::default();
        for clean in answers {
            if *clean {
                flight.clean();
            } else {
                flight.trouble();
            }
        }
        flight
    }

    #[test]
    fn trouble_lowers_at_once_and_a_row_of_clean_answers_raises_by_one() {
        assert_eq!(after(&[]).most(), 3);
        assert_eq!(after(&[false]).most(), 1);
        assert_eq!(after(&[false, false]).most(), 1);
        assert_eq!(after(&[true; 5]).most(), 3);
        assert_eq!(after(&[true; 6]).most(), 4);
        assert_eq!(after(&[true; 60]).most(), 4);
        let mut answers = vec![false];
        answers.extend([true; 6]);
        assert_eq!(after(&answers).most(), 2);
    }

    proptest! {
        #[test]
        fn it_stays_in_its_bounds_and_moves_as_it_should(answers in prop::collection::vec(any::<bool>(), 0..80)) {
            for end in 0..answers.len() {
                let (before, now) = (after(&answers[..end]).most(), after(&answers[..=end]).most());
                prop_assert!((Flight::LEAST..=Flight::MOST).contains(&now));
                if answers[end] {
                    prop_assert!(now == before || now == before + 1);
                } else {
                    prop_assert!(now < before || now == Flight::LEAST);
                }
            }
        }

        #[test]
        fn enough_clean_answers_bring_it_to_the_top(answers in prop::collection::vec(any::<bool>(), 0..40)) {
            let mut answers = answers;
            answers.extend([true; (Flight::CLEAN as usize) * Flight::MOST]);
            prop_assert_eq!(after(&answers).most(), Flight::MOST);
        }
    }
}
