#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <sched.h>
#include <time.h>

// What the benchmark hands over: little-endian float32 in files, numbers as arguments.
struct Work {
    explicit Work(char** args)
        : path(args[1]), count(std::stoul(args[2])), dimension(std::stoul(args[3])), queryCount(std::stoul(args[5])),
          k(std::stoul(args[6])), rounds(std::stoul(args[7])), answers(args[8]), queries(read(args[4], queryCount * dimension)) {}

    std::string path;
    size_t count, dimension, queryCount, k, rounds;
    std::string answers;
    std::vector<float> queries;

    std::vector<float> vectors() const { return read(path, count * dimension); }

    // int64[queryCount, k]
    template <typename Id>
    void write(const std::vector<Id>& ids, const std::string& ending = "") const {
        std::ofstream file(answers + ending, std::ios::binary);
        for (const int64_t id : ids) file.write(reinterpret_cast<const char*>(&id), sizeof id);
    }

    static std::vector<float> read(const std::string& path, size_t values) {
        std::vector<float> result(values);
        std::ifstream file(path, std::ios::binary);
        if (!file.read(reinterpret_cast<char*>(result.data()), values * sizeof(float))) throw std::runtime_error("cannot read " + path);
        return result;
    }
};

// Those that this process may use; the standard library counts all.
inline unsigned cores() {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// Milliseconds: of the processor where there is one core only, which others may use too; else what passed.
inline double now() {
    const clockid_t clock = cores() == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
    timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// The least, after one round that does not count.
template <typename Action>
void report(const char* name, size_t rounds, Action action) {
    action(0);
    double least = 1e300;
    for (size_t round = 0; round < rounds; round++) {
        const double start = now();
        action(round);
        least = std::min(least, now() - start);
    }
    std::printf("%s %.4f\n", name, least);
}
