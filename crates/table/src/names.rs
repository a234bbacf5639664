//! Names: distinct texts of a table, each with a number, and the order they come out in.
//!
//! In: names. Out: the same, kept as one text and found by number.
//! It never reads a table.

use rayon::prelude::*;

/// Distinct names in a fixed order, numbered from 0; kept as one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name behind a number; panics if there is none.
    pub fn get(&self, number: u32) -> &str {
        let index = number as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    /// All names in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index as u32))
    }

    /// Whether shorter names stand first, and names of one length in the order of their bytes.
    pub fn are_shorter_first(&self) -> bool {
        let key = |index: usize| (self.get(index as u32).len(), self.get(index as u32));
        (1..self.len()).into_par_iter().with_min_len(1 << 13).all(|index| key(index - 1) <= key(index))
    }

    /// The number of a name; looks at one after the other.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.iter().position(|known| known == name).map(|index| index as u32)
    }

    /// Several lists behind each other.
    pub fn concat(lists: &[Self]) -> Self {
        let bytes = lists.iter().map(|list| list.text.len()).sum();
        let count = lists.iter().map(Self::len).sum();
        let mut all = Self { text: String::with_capacity(bytes), ends: Vec::with_capacity(count) };
        for list in lists {
            let before = all.text.len();
            all.text.push_str(&list.text);
            all.ends.extend(list.ends.iter().map(|end| before + end));
        }
        all
    }
}

impl<T: AsRef<str>> FromIterator<T> for Names {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        let names = names.into_iter();
        let mut all = Self { text: String::new(), ends: Vec::with_capacity(names.size_hint().0) };
        for name in names {
            all.text.push_str(name.as_ref());
            all.ends.push(all.text.len());
        }
        all
    }
}
