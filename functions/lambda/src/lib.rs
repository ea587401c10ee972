//! What all functions on AWS share: their settings, their adapters, their logs and figures.
