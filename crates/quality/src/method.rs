//! Methods: how an interval was found, with its name and its source.
//!
//! In: nothing. Out: names that reports print. It computes nothing.

/// The ways in which an interval is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The score interval of one proportion.
    Wilson,
    /// The exact interval of one proportion.
    ClopperPearson,
    /// Quantiles of the posterior under Jeffreys' prior.
    Jeffreys,
    /// The exact interval on an effective number of answers, for clustered data.
    KornGraubard,
    /// The point, plus or minus a quantile of Student's t times a linearised standard error, over items.
    Linearised,
    /// The same with two-way clustering, over items and raters.
    LinearisedTwoWay,
    /// A normal interval on Fisher's z of a rank correlation, turned back.
    FisherZ,
    /// The hybrid of any two intervals, for a difference.
    Mover,
    /// The score interval of a difference between paired proportions.
    Tango,
    /// Quantiles of the posterior, integrated over what the common prior may be.
    HierarchicalBayes,
    /// The point, plus or minus a normal quantile times a large-sample standard error.
    LargeSample,
    /// Percentiles of a bootstrap over items.
    Percentile,
    /// Bias-corrected and accelerated percentiles of a bootstrap over items.
    Bca,
    /// What BCa comes to, without a draw.
    Abc,
    /// Newcombe's hybrid of two Wilson intervals, for a difference.
    Newcombe,
    /// Quantiles of F, for intraclass correlations.
    FDistribution,
    /// Quantiles of the posterior under a prior fitted to all raters.
    EmpiricalBayes,
    /// A bound that holds at every look.
    AnytimeValid,
}

impl Method {
    /// The name as a report prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wilson => "Wilson score interval",
            Self::ClopperPearson => "Clopper-Pearson interval",
            Self::Jeffreys => "Jeffreys interval",
            Self::KornGraubard => "Korn-Graubard interval, items and raters as clusters",
            Self::Linearised => "t interval with a linearised standard error, items as units",
            Self::LinearisedTwoWay => "t interval with a linearised standard error, items and raters as clusters",
            Self::FisherZ => "normal interval on Fisher's z",
            Self::Mover => "hybrid of the two figures' intervals (MOVER)",
            Self::Tango => "Tango score interval for pairs",
            Self::HierarchicalBayes => "posterior interval, integrated over the raters' common prior",
            Self::LargeSample => "normal interval with a large-sample standard error",
            Self::Percentile => "percentile bootstrap over items",
            Self::Bca => "BCa bootstrap over items",
            Self::Abc => "ABC interval, items as units",
            Self::Newcombe => "Newcombe hybrid score interval",
            Self::FDistribution => "F interval",
            Self::EmpiricalBayes => "posterior interval under a fitted prior",
            Self::AnytimeValid => "bound that holds at every look",
        }
    }

    /// Where the method was published.
    pub fn source(self) -> &'static str {
        match self {
            Self::Wilson => "Wilson 1927; Newcombe 1998",
            Self::ClopperPearson => "Clopper and Pearson 1934",
            Self::Jeffreys => "Brown, Cai and DasGupta 2001",
            Self::KornGraubard => "Korn and Graubard 1998; Cameron, Gelbach and Miller 2011",
            Self::Linearised => "Gwet 2008, 2014",
            Self::LinearisedTwoWay => "Fleiss, Cohen and Everitt 1969; Cameron, Gelbach and Miller 2011",
            Self::FisherZ => "Bonett and Wright 2000",
            Self::Mover => "Zou and Donner 2008",
            Self::Tango => "Tango 1998",
            Self::HierarchicalBayes => "Gelman et al., Bayesian Data Analysis, ch. 5; Gelman 2006",
            Self::LargeSample => "Fleiss, Cohen and Everitt 1969",
            Self::Percentile => "Efron 1979",
            Self::Bca => "Efron 1987",
            Self::Abc => "DiCiccio and Efron 1992",
            Self::Newcombe => "Newcombe 1998, method 10",
            Self::FDistribution => "Shrout and Fleiss 1979; McGraw and Wong 1996",
            Self::EmpiricalBayes => "Efron and Morris 1975; Gelman et al., Bayesian Data Analysis, ch. 5",
            Self::AnytimeValid => "Ville 1939; Waudby-Smith and Ramdas 2024",
        }
    }
}
