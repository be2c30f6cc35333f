// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/shipped_rungs.h"

#include <map>
#include <utility>

// The files are taken in by the assembler: no copy in the source, no file to find at run time.
#define GRADUS_EMBED(symbol, file)                                                                                     \
    __asm__(".section .rodata\n.balign 64\n" #symbol ":\n.incbin \"" GRADUS_RUNGS "/" file "\"\n" #symbol "_end:\n"    \
            ".byte 0\n.previous\n");                                                                                   \
    extern "C" const char symbol[];                                                                                    \
    extern "C" const char symbol##_end[];

GRADUS_EMBED(gradus_code_8x1, "code/8x1.safetensors")
GRADUS_EMBED(gradus_code_16x1, "code/16x1.safetensors")
GRADUS_EMBED(gradus_code_16x2, "code/16x2.safetensors")
GRADUS_EMBED(gradus_code_32x2, "code/32x2.safetensors")
GRADUS_EMBED(gradus_code_48x3, "code/48x3.safetensors")
GRADUS_EMBED(gradus_code_64x4, "code/64x4.safetensors")
GRADUS_EMBED(gradus_code_recurrent_8x1, "code-recurrent/8x1.safetensors")
GRADUS_EMBED(gradus_code_recurrent_16x1, "code-recurrent/16x1.safetensors")
GRADUS_EMBED(gradus_code_recurrent_16x2, "code-recurrent/16x2.safetensors")
GRADUS_EMBED(gradus_code_recurrent_32x2, "code-recurrent/32x2.safetensors")
GRADUS_EMBED(gradus_code_convolutional_8x1, "code-convolutional/8x1.safetensors")
GRADUS_EMBED(gradus_code_convolutional_16x1, "code-convolutional/16x1.safetensors")
GRADUS_EMBED(gradus_code_convolutional_16x2, "code-convolutional/16x2.safetensors")
GRADUS_EMBED(gradus_code_convolutional_32x2, "code-convolutional/32x2.safetensors")
GRADUS_EMBED(gradus_console_8x1, "console/8x1.safetensors")
GRADUS_EMBED(gradus_console_16x1, "console/16x1.safetensors")
GRADUS_EMBED(gradus_console_16x2, "console/16x2.safetensors")
GRADUS_EMBED(gradus_console_32x2, "console/32x2.safetensors")
GRADUS_EMBED(gradus_console_48x3, "console/48x3.safetensors")
GRADUS_EMBED(gradus_console_64x4, "console/64x4.safetensors")
GRADUS_EMBED(gradus_math_8x1, "math/8x1.safetensors")
GRADUS_EMBED(gradus_math_16x1, "math/16x1.safetensors")
GRADUS_EMBED(gradus_math_16x2, "math/16x2.safetensors")
GRADUS_EMBED(gradus_math_32x2, "math/32x2.safetensors")
GRADUS_EMBED(gradus_math_48x3, "math/48x3.safetensors")
GRADUS_EMBED(gradus_math_64x4, "math/64x4.safetensors")
GRADUS_EMBED(gradus_writing_8x1, "writing/8x1.safetensors")
GRADUS_EMBED(gradus_writing_16x1, "writing/16x1.safetensors")
GRADUS_EMBED(gradus_writing_16x2, "writing/16x2.safetensors")
GRADUS_EMBED(gradus_writing_32x2, "writing/32x2.safetensors")
GRADUS_EMBED(gradus_writing_recurrent_8x1, "writing-recurrent/8x1.safetensors")
GRADUS_EMBED(gradus_writing_recurrent_16x1, "writing-recurrent/16x1.safetensors")
GRADUS_EMBED(gradus_writing_recurrent_16x2, "writing-recurrent/16x2.safetensors")
GRADUS_EMBED(gradus_writing_recurrent_32x2, "writing-recurrent/32x2.safetensors")

namespace gradus::pipeline {

namespace {

std::string_view between(const char* begin, const char* end)
{
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

#define GRADUS_RUNG(domain, width, layers)                                                                             \
    {                                                                                                                  \
        width, layers, between(gradus_##domain##_##width##x##layers, gradus_##domain##_##width##x##layers##_end)       \
    }
#define GRADUS_LADDER(domain)                                                                                          \
    {                                                                                                                  \
        GRADUS_RUNG(domain, 8, 1), GRADUS_RUNG(domain, 16, 1), GRADUS_RUNG(domain, 16, 2), GRADUS_RUNG(domain, 32, 2), \
            GRADUS_RUNG(domain, 48, 3), GRADUS_RUNG(domain, 64, 4)                                                     \
    }

// Of other architectures and of writing the first four: larger ones and other domains are made at first use, so that
// the program stays small.
#define GRADUS_SMALL_LADDER(domain)                                                                                    \
    {                                                                                                                  \
        GRADUS_RUNG(domain, 8, 1), GRADUS_RUNG(domain, 16, 1), GRADUS_RUNG(domain, 16, 2), GRADUS_RUNG(domain, 32, 2)  \
    }

const std::vector<ShippedRung>& shippedRungs(std::string_view domain, std::string_view architecture)
{
    using Ladder = std::pair<std::string_view, std::string_view>;
    static const std::map<Ladder, std::vector<ShippedRung>> ladders{
        {{"code", "attention"}, GRADUS_LADDER(code)},
        {{"code", "recurrent"}, GRADUS_SMALL_LADDER(code_recurrent)},
        {{"code", "convolutional"}, GRADUS_SMALL_LADDER(code_convolutional)},
        {{"console", "attention"}, GRADUS_LADDER(console)},
        {{"math", "attention"}, GRADUS_LADDER(math)},
        {{"writing", "attention"}, GRADUS_SMALL_LADDER(writing)},
        {{"writing", "recurrent"}, GRADUS_SMALL_LADDER(writing_recurrent)},
    };
    static const std::vector<ShippedRung> none;
    const auto found = ladders.find({domain, architecture});
    return found == ladders.end() ? none : found->second;
}

const ShippedRung* findShippedRung(std::string_view domain, std::string_view architecture, int width, int layers)
{
    for (const ShippedRung& rung : shippedRungs(domain, architecture))
        if (rung.width == width && rung.layers == layers) return &rung;
    return nullptr;
}

} // namespace gradus::pipeline
