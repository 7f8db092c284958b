"""
Makes the HEIC files beside it, which no encoder among this project's packages can write:

    deno eval 'import { drawSample } from "./data/sample/sample_pets.ts";
               await drawSample("SAMPLE", { seed: 9, train: 60, test: 12 })'
    pip install pillow==13.0.0 pillow-heif==1.8.1   # libheif with the encoder x265
    python make_photos.py SAMPLE
    deno eval 'import sharp from "sharp"; await sharp("drawn.png").withIccProfile("p3").png().toFile("/tmp/p3.png")'
    python make_photos.py SAMPLE /tmp/p3.png

All show what the sample draws (data/sample). `drawn.png` is the picture that the others show; `photos/` are eight cats
and eight dogs.
"""

import sys
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
sample = Path(sys.argv[1]) / "train"
here = Path(__file__).parent


def small(path: Path, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(Image.open(path).convert("RGB"), size, Image.Resampling.LANCZOS)


photos = sorted(sample.iterdir(), key=lambda path: (path.name[:3], int(path.name.split(".")[1])))
readable = []
for path in photos:
    try:
        image = Image.open(path)
        image.load()
        if min(image.size) >= 150:
            readable.append(path)
    except OSError:
        pass
cats = [path for path in readable if path.name.startswith("cat")]
dogs = [path for path in readable if path.name.startswith("dog")]

drawn = small(cats[0], (160, 112))
drawn.save(here / "drawn.png")
drawn.save(here / "plain.heic", quality=90, chroma=444)

# As telephones store what was taken upright: on its side, with the turn in EXIF, which becomes the box `irot`.
exif = Image.Exif()
exif[0x0112] = 6
drawn.transpose(Image.Transpose.ROTATE_90).save(here / "turned.heic", quality=90, chroma=444, exif=exif.tobytes())

# As iPhones do: a grid of tiles.
drawn.save(here / "tiles.heic", quality=90, chroma=444, tile_size=64)

deep = (np.asarray(drawn).astype(np.uint16) * 257).tobytes()
pillow_heif.from_bytes(mode="RGB;16", size=drawn.size, data=deep).save(here / "deep.heic", quality=90, chroma=444)

# A quarter is clear, a quarter half so.
alpha = np.full((112, 160), 255, np.uint8)
alpha[:56, :80] = 0
alpha[56:, 80:] = 128
clear = drawn.copy()
clear.putalpha(Image.fromarray(alpha))
clear.save(here / "clear.png")
clear.save(here / "clear.heic", quality=90, chroma=444)

# Several pictures, of which the second is the main one.
others = [drawn, small(dogs[0], (160, 112))]
small(dogs[1], (160, 112)).save(
    here / "several.heic", save_all=True, append_images=others, primary_index=1, quality=90, chroma=444
)

drawn.convert("L").save(here / "grey.heic", quality=90)

# 100 million pixels of one colour, as many as are decoded.
Image.new("RGB", (10_000, 10_000), (90, 120, 150)).save(here / "giant.heic", quality=30)

# The same colours in the numbers of Display P3, which telephones store, with its profile.
if len(sys.argv) > 2:
    wide = Image.open(sys.argv[2])
    wide.save(here / "p3.heic", quality=90, chroma=444, icc_profile=wide.info["icc_profile"])

for label, paths in (("cat", cats), ("dog", dogs)):
    for number, path in enumerate(paths[2:10]):
        small(path, (96, 80)).save(here / "photos" / f"{label}.{number}.heic", quality=60)
