"""The main job, shown: cases of five associations, from first contact to closed file, held to their policies."""
