"""Lists of people and requests that come in from elsewhere: what a column means, and what a row has to be."""
