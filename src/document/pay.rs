//! Pay: an amount of money as somebody wrote it.
//!
//! In: text such as `30 USD`, `$30` or `1,200.50 EUR`. Out: the amount and the words around it; none where there is more or
//! less than one amount. It converts nothing.

/// An amount of money.
#[derive(Clone, Debug, PartialEq)]
pub struct Pay {
    /// How much.
    pub amount: f64,
    /// What it is an amount of, as it stands before and behind it.
    pub unit: PayUnit,
}

/// What stands before and behind an amount of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayUnit {
    before: String,
    after: String,
}

/// No item is paid more than this.
const MOST: f64 = 1e9;

impl Pay {
    /// Reads an amount: digits, with commas between thousands, and a point before one or two decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
        let start = text.find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |end| start + end);
        let (before, number, after) = (text[..start].trim(), &text[start..end], text[end..].trim());
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let mut groups = whole.split(',');
        let first = groups.next().filter(|first| !first.is_empty())?;
        let is_grouped = || first.len() <= 3 && !first.starts_with('0') && groups.clone().all(|group| group.len() == 3);
        let is_one = (1..=2).contains(&decimals.len()) && !after.contains(|c: char| c.is_ascii_digit());
        let is_read = is_one && (whole == first || is_grouped());
        let amount: f64 = format!("{}.{decimals}", whole.replace(',', "")).parse().ok()?;
        let unit = PayUnit { before: before.to_owned(), after: after.to_owned() };
        (is_read && amount <= MOST).then_some(Self { amount, unit })
    }
}

impl PayUnit {
    /// Whether it is a currency and nothing else, by its code or its sign, so that amounts of it add up to one of it.
    pub fn is_currency(&self) -> bool {
        let word = format!("{}{}", self.before, self.after);
        let is_sign = |c: char| "$€£¥¢₤₩₪₫₱₴₹₺₽₿".contains(c);
        let is_code = word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase());
        let letters = word.chars().filter(|c| !is_sign(*c));
        let is_signed = word.chars().filter(|c| is_sign(*c)).count() == 1
            && letters.clone().count() <= 2
            && letters.clone().all(|c| c.is_ascii_uppercase());
        is_code || is_signed
    }

    /// A number of it: `2,304 USD`, `$7.50`.
    pub fn around(&self, number: &str) -> String {
        // A sign stands close to its number, a word does not.
        let gap = |word: &str| if word.chars().any(char::is_alphabetic) { " " } else { "" };
        format!("{}{}{number}{}{}", self.before, gap(&self.before), gap(&self.after), self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_words_and_what_is_none_is_not_guessed() {
        for (text, amount, number) in [
            ("30 USD", 30.0, "30"),
            ("$30", 30.0, "30"),
            ("USD 1,200.50", 1200.5, "1,200.50"),
            ("7.5 EUR", 7.5, "7.5"),
            ("12€", 12.0, "12"),
            ("A$ 5", 5.0, "5"),
        ] {
            let pay = Pay::parse(text).unwrap();
            assert_eq!((pay.amount, pay.unit.around(number)), (amount, text.to_owned()));
            assert!(pay.unit.is_currency(), "{text}");
        }
        for text in [
            "",
            "by agreement",
            "4,50 EUR",
            "20 to 30 USD",
            "1.2.3 USD",
            "1,2345 USD",
            ".50 USD",
            "$.50",
            "0,500 EUR",
            "1.200 EUR",
            "30. USD",
            "99999999999999999999999999 USD",
        ] {
            assert_eq!(Pay::parse(text), None, "{text}");
        }
        for text in ["30", "30 USD an hour", "30 points", "30€/h", "5 min", "5 %", "10 x", "~5 USD", "-5 USD", "usd 5"]
        {
            assert!(!Pay::parse(text).unwrap().unit.is_currency(), "{text}");
        }
    }
}
