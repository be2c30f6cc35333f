// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/shipped_rungs.h"

// The files are taken in by the assembler: no copy in the source, no file to find at run time.
#define GRADUS_EMBED(symbol, file)                                                                                     \
    __asm__(".section .rodata\n.balign 64\n" #symbol ":\n.incbin \"" GRADUS_RUNGS "/" file "\"\n" #symbol "_end:\n"    \
            ".byte 0\n.previous\n");                                                                                   \
    extern "C" const char symbol[];                                                                                    \
    extern "C" const char symbol##_end[];

GRADUS_EMBED(gradus_rung_8x1, "8x1.safetensors")
GRADUS_EMBED(gradus_rung_16x1, "16x1.safetensors")
GRADUS_EMBED(gradus_rung_16x2, "16x2.safetensors")
GRADUS_EMBED(gradus_rung_32x2, "32x2.safetensors")
GRADUS_EMBED(gradus_rung_48x3, "48x3.safetensors")
GRADUS_EMBED(gradus_rung_64x4, "64x4.safetensors")

namespace gradus::pipeline {

namespace {

std::string_view between(const char* begin, const char* end)
{
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

const std::vector<ShippedRung>& shippedRungs()
{
    static const std::vector<ShippedRung> rungs{
        {8, 1, between(gradus_rung_8x1, gradus_rung_8x1_end)},
        {16, 1, between(gradus_rung_16x1, gradus_rung_16x1_end)},
        {16, 2, between(gradus_rung_16x2, gradus_rung_16x2_end)},
        {32, 2, between(gradus_rung_32x2, gradus_rung_32x2_end)},
        {48, 3, between(gradus_rung_48x3, gradus_rung_48x3_end)},
        {64, 4, between(gradus_rung_64x4, gradus_rung_64x4_end)},
    };
    return rungs;
}

const ShippedRung* findShippedRung(int width, int layers)
{
    for (const ShippedRung& rung : shippedRungs())
        if (rung.width == width && rung.layers == layers) return &rung;
    return nullptr;
}

std::string shippedRungNames()
{
    std::string names;
    for (const ShippedRung& rung : shippedRungs())
        names += (names.empty() ? "" : " ") + std::to_string(rung.width) + "," + std::to_string(rung.layers);
    return names;
}

} // namespace gradus::pipeline
