//! Undefined: why there is no figure, or no interval of one.
//!
//! In: nothing. Out: reasons, each with a sentence that reports print. A figure that is undefined is never 0, 1 or NaN.

/// Why a figure is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// Nothing was asked or rated.
    NoData,
    /// Ratings are there, but none of their items has gold.
    NoGold,
    /// Items with gold are rated, but no rating of them has a value.
    NoAnswer,
    /// Answers met gold, but none met gold that is one value of the scale.
    NoGoldValue,
    /// A figure that compares items was asked of one item.
    OneItem,
    /// More right than asked, or a count that is negative or not a number.
    BadCount,
    /// One rater gave all the ratings.
    OneRater,
    /// No item has two ratings.
    NoPairs,
    /// The two raters rated no item in common.
    NoOverlap,
    /// Every rating has the same value, so chance alone would agree as well.
    OneCategory,
    /// The scale has one category only.
    OneDeclared,
    /// One side never varies, so nothing can be related to it.
    Constant,
    /// All items have the same mean, or all ratings are alike.
    NoVariance,
    /// The values are not numbers.
    NotNumbers,
    /// The categories are words, in no order that was declared.
    NoOrder,
    /// A ratio scale has no negative values.
    NegativeRatio,
    /// Some rater did not rate some item, and the figure needs every cell.
    Incomplete,
    /// Some rater rated an item twice, and the figure needs one rating in every cell.
    Repeated,
    /// Nothing was flagged, by the rater or in the gold.
    NothingFlagged,
    /// The rater flagged nothing, so no flag can be right.
    NoFlagGiven,
    /// The gold flags nothing, so there is nothing to find.
    NoGoldFlag,
    /// No flag matches gold, so no kind can be compared.
    NoMatch,
    /// A flag lies outside the steps of its trajectory.
    StepOutside,
    /// Every item, or every rater, has the same figure, so the data show no spread to work from.
    AllAlike,
    /// A p-value is not a number from 0 to 1.
    NotProbability,
    /// A setting lies outside its range, such as a probability above 1.
    BadParameter,
    /// Lists that belong together have different lengths.
    UnequalLengths,
    /// No number within reason would do.
    OutOfReach,
    /// The units do not spread around the figure, so nothing shows how far others would be off.
    NoSpread,
    /// There are fewer units than the interval's method needs.
    TooFew,
    /// The numbers are too large to compute with.
    TooLarge,
    /// The table has nothing that the figure speaks of.
    NotInTable,
    /// The fit did not settle.
    NotConverged,
    /// More than one bootstrap sample in twenty left the figure undefined.
    UnstableBootstrap,
}

impl Undefined {
    /// The reason as a sentence for a report.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoData => "There are no ratings to count.",
            Self::NoGold => "None of the rated items has gold.",
            Self::NoAnswer => "Items with gold are rated, but no rating of them has a value.",
            Self::NoGoldValue => "No answer with a value met gold that is one value of the scale.",
            Self::OneItem => "There is one item only, so nothing shows how items differ.",
            Self::BadCount => "The counts contradict each other: more answers are right than were asked.",
            Self::OneRater => "One rater gave all the ratings, so nothing can be compared.",
            Self::NoPairs => "No item has two ratings, so nothing can be compared.",
            Self::NoOverlap => "The two raters rated no item in common.",
            Self::OneCategory => "Every rating has the same value, so agreement beyond chance has no meaning.",
            Self::OneDeclared => "The scale has one category only, so raters cannot disagree.",
            Self::Constant => "One side always has the same value, so nothing can be related to it.",
            Self::NoVariance => "The items do not differ, so there is nothing for raters to tell apart.",
            Self::NotNumbers => "The values are not numbers, or are too large to compute with.",
            Self::NoOrder => "The categories are words, whose order was not declared.",
            Self::NegativeRatio => "A ratio scale has no negative values.",
            Self::Incomplete => "Some rater did not rate every item, and this figure needs a complete table.",
            Self::Repeated => "Some rater rated an item more than once, and this figure needs one rating a cell.",
            Self::NothingFlagged => "Nothing was flagged, neither by the rater nor in the gold.",
            Self::NoFlagGiven => "The rater flagged nothing, so there is no flag that could be right.",
            Self::NoGoldFlag => "The gold flags nothing, so there is nothing to find.",
            Self::NoMatch => "No flag matches gold, so there is no kind to compare.",
            Self::StepOutside => "A flag lies outside the steps of its trajectory.",
            Self::AllAlike => "All figures are alike, so the data show no spread to work from.",
            Self::NotProbability => "A p-value is not a number from 0 to 1.",
            Self::BadParameter => "A setting lies outside its range.",
            Self::UnequalLengths => "Lists that belong together have different lengths.",
            Self::OutOfReach => "No number within reason would do.",
            Self::NoSpread => "The items are all alike for this figure, so nothing tells how far others would be off.",
            Self::TooFew => "There are too few items for this interval.",
            Self::TooLarge => "The numbers are too large to compute with.",
            Self::NotInTable => "The table has nothing that this figure speaks of, such as gold, truth or steps.",
            Self::NotConverged => "The fit did not settle within the iterations it was given.",
            Self::UnstableBootstrap => "Too many bootstrap samples left the figure undefined for an interval.",
        }
    }
}
