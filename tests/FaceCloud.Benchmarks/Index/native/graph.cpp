// Times hnswlib's graph (M 16, ef at construction 100) on the vectors of the benchmark; the last arguments are values of ef, the
// breadth of the search. Answers of each in a file of its own.
// graph VECTORS COUNT DIMENSION QUERIES QUERY_COUNT K ROUNDS ANSWERS EF...
#include <hnswlib/hnswlib.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "common.h"

template <typename Action>
static void onAllCores(size_t count, Action action) {
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < cores(); i++) {
        threads.emplace_back([&] {
            for (size_t item = next++; item < count; item = next++) action(item);
        });
    }
    for (auto& thread : threads) thread.join();
}

int main(int, char** args) {
    const Work work(args);
    hnswlib::InnerProductSpace space(work.dimension);
    hnswlib::HierarchicalNSW<float> index(&space, work.count, 16, 100);
    const double start = now();
    {
        const auto vectors = work.vectors();
        index.addPoint(vectors.data(), 0);
        onAllCores(work.count - 1, [&](size_t i) { index.addPoint(&vectors[(i + 1) * work.dimension], i + 1); });
    }
    std::printf("build %.3f\n", now() - start);
    for (char** ef = args + 9; *ef; ef++) {
        const std::string name = std::string("-") + *ef;
        index.setEf(std::strtoul(*ef, nullptr, 10));
        std::vector<int64_t> ids(work.queryCount * work.k, -1);
        const auto search = [&](size_t query) {
            auto found = index.searchKnn(&work.queries[query * work.dimension], work.k);
            for (size_t place = found.size(); place-- > 0; found.pop()) ids[query * work.k + place] = found.top().second;
        };
        report(("single" + name).c_str(), work.rounds * 20, [&](size_t round) { search(round % work.queryCount); });
        report(("batch" + name).c_str(), work.rounds, [&](size_t) { onAllCores(work.queryCount, search); });
        work.write(ids, name);
    }
}
